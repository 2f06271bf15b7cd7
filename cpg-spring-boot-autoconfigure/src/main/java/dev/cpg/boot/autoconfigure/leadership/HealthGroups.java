package dev.cpg.boot.autoconfigure.leadership;

import java.util.Set;

import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;

/**
 * The health groups of the Actuator.
 */
final class HealthGroups {

	private final HealthEndpoint endpoint;

	private final HealthEndpointGroups groups;

	HealthGroups(HealthEndpoint endpoint, HealthEndpointGroups groups) {
		this.endpoint = endpoint;
		this.groups = groups;
	}

	Set<String> names() {
		return this.groups.getNames();
	}

	/**
	 * Checks the health of a group, which may take any time. A status is healthy if a
	 * probe of the group takes it for that: by default all but DOWN and OUT_OF_SERVICE.
	 */
	boolean isHealthy(String name) {
		HealthDescriptor health = this.endpoint.healthForPath(name);
		HealthEndpointGroup group = this.groups.get(name);
		return health != null && group != null
				&& group.getHttpCodeStatusMapper().getStatusCode(health.getStatus()) < 300;
	}

}

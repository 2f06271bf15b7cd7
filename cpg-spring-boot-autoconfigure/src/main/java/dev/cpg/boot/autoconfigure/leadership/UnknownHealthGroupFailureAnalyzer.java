package dev.cpg.boot.autoconfigure.leadership;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says how to give this service a health group that a role needs.
 */
final class UnknownHealthGroupFailureAnalyzer extends AbstractFailureAnalyzer<UnknownHealthGroupException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownHealthGroupException cause) {
		return new FailureAnalysis(cause.getMessage() + ".", (cause.getGroups() != null)
				? """
						Correct cpg.leader.health-group if it is mistyped. If not, define a group of another name \
						than its members have, for example in application.properties:

						    management.endpoint.health.group.leader.include=db
						    cpg.leader.health-group=leader

						The groups 'liveness' and 'readiness' are there unless management.endpoint.health.probes.enabled=false."""
				: "Add the dependency org.springframework.boot:spring-boot-starter-actuator, and leave the health "
						+ "endpoint accessible and exposed, which it is by default. Or remove cpg.leader.health-group.",
				cause);
	}

}

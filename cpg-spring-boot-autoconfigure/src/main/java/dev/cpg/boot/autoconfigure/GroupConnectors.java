package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;

/**
 * Makes the connectors of a service's groups, which share one engine and the heap.
 */
final class GroupConnectors {

	private final CpgEngine engine;

	private final QueueCapacities queueCapacities;

	GroupConnectors(CpgEngine engine, QueueCapacities queueCapacities) {
		this.engine = engine;
		this.queueCapacities = queueCapacities;
	}

	/**
	 * Makes a connector.
	 * @param prefix the prefix of the properties
	 */
	CpgConnector create(String prefix, CpgGroupProperties properties, CpgGroupName name) {
		return this.engine
			.connector(new ConnectorSettings(prefix, name, properties, this.queueCapacities.of(properties)));
	}

}

package dev.cpg.boot.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgQuorumMonitor;

/**
 * Makes the connectors of a service's groups, which share one engine and the heap.
 */
final class GroupConnectors {

	private final CpgEngine engine;

	private final QueueCapacities queueCapacities;

	private final Map<Object, CpgQuorumMonitor> quorums = new ConcurrentHashMap<>();

	GroupConnectors(CpgEngine engine, QueueCapacities queueCapacities) {
		this.engine = engine;
		this.queueCapacities = queueCapacities;
	}

	/**
	 * Makes a connector.
	 * @param prefix the prefix of the properties
	 */
	CpgConnector create(String prefix, CpgGroupProperties properties, CpgGroupName name) {
		return this.engine.connector(new ConnectorSettings(prefix, name, properties,
				this.queueCapacities.of(properties), quorum(properties)::getQuorum));
	}

	/**
	 * Returns what keeps the connection to the quorum service for a group, and for all
	 * others that share its daemon.
	 */
	CpgQuorumMonitor quorum(CpgGroupProperties properties) {
		return this.quorums.computeIfAbsent(this.engine.daemon(properties), (daemon) -> new CpgQuorumMonitor());
	}

}

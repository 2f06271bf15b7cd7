package dev.cpg.boot.autoconfigure.embedded;

import dev.cpg.boot.autoconfigure.ConnectorSettings;
import dev.cpg.boot.autoconfigure.CpgEngine;
import dev.cpg.boot.autoconfigure.CpgGroupProperties;
import dev.cpg.boot.autoconfigure.CpgMode;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.embedded.EmbeddedConnector;
import dev.cpg.embedded.EmbeddedNode;

/**
 * A node of a cluster inside the JVM.
 */
final class EmbeddedEngine implements CpgEngine {

	private final EmbeddedNode node;

	EmbeddedEngine(EmbeddedNode node) {
		this.node = node;
		CpgLog.MEMBERSHIP.warn()
			.log("This service is on {} of a cluster inside its JVM (cpg.mode=embedded): no other process takes part, "
					+ "on this machine or another. That is for development and tests.", node);
	}

	@Override
	public CpgMode mode() {
		return CpgMode.EMBEDDED;
	}

	@Override
	public Object daemon(CpgGroupProperties properties) {
		return this.node;
	}

	@Override
	public CpgConnector connector(ConnectorSettings settings) {
		EmbeddedConnector.Builder builder = EmbeddedConnector.builder(this.node);
		settings.applyTo(builder);
		return builder.build();
	}

}

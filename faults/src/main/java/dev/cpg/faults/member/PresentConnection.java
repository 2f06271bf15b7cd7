package dev.cpg.faults.member;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import org.jspecify.annotations.Nullable;

/**
 * A connector that keeps the last connection, to ask it for its figures.
 */
final class PresentConnection implements CpgConnector {

	private final CpgConnector connector;

	private volatile @Nullable CpgConnection connection;

	PresentConnection(CpgConnector connector) {
		this.connector = connector;
	}

	/** Returns how many batches came on the present connection. */
	long batches() {
		CpgConnection present = this.connection;
		return (present != null) ? present.batchStatistics().delivered() : 0;
	}

	@Override
	public CpgConnection connect(CpgListener listener) {
		return keep(this.connector.connect(listener));
	}

	@Override
	public CpgConnection connect(CpgListener listener, CpgInterceptor interceptor) {
		return keep(this.connector.connect(listener, interceptor));
	}

	private CpgConnection keep(CpgConnection opened) {
		this.connection = opened;
		return opened;
	}

	@Override
	public CompletableFuture<CpgNames> names() {
		return this.connector.names();
	}

	@Override
	public CompletableFuture<CpgClusterSettings> clusterSettings() {
		return this.connector.clusterSettings();
	}

	@Override
	public CpgQuorumConnection connectQuorum(CpgQuorumListener listener) {
		return this.connector.connectQuorum(listener);
	}

}

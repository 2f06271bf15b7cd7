package dev.cpg.demo.cluster;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * The connector of a member that can die: its connection ends as that of a process that
 * is killed, without a leave, and there is no further one.
 */
final class MortalConnector implements CpgConnector {

	private final CpgConnector connector;

	private @Nullable CpgConnection connection;

	private boolean dead;

	MortalConnector(CpgConnector connector) {
		this.connector = connector;
	}

	void die() {
		CpgConnection last;
		synchronized (this) {
			this.dead = true;
			last = this.connection;
		}
		if (last != null) {
			last.close();
		}
	}

	@Override
	public CpgConnection connect(CpgListener listener) {
		return opened(this.connector.connect(listener));
	}

	@Override
	public CpgConnection connect(CpgListener listener, CpgInterceptor interceptor) {
		return opened(this.connector.connect(listener, interceptor));
	}

	private synchronized CpgConnection opened(CpgConnection opened) {
		if (this.dead) {
			opened.close();
			throw new CorosyncConnectException(Reason.NOT_RUNNING, CsError.NOT_EXIST, "This member was killed", null);
		}
		this.connection = opened;
		return opened;
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

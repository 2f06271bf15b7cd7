package dev.cpg.embedded;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgConnectorBuilder;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;

/**
 * Opens connections to the daemon of a node of an {@link EmbeddedCluster}. Its settings
 * are those of a connector to Corosync, as far as there is something to set here, and
 * have the same defaults.
 */
public final class EmbeddedConnector implements CpgConnector {

	private final EmbeddedNode node;

	private final MemberIds memberIds;

	private final ConnectionSettings settings;

	private EmbeddedConnector(EmbeddedNode node, CpgConnectorBuilder.Settings settings) {
		Long memberId = settings.memberId();
		this.node = node;
		this.memberIds = (memberId != null) ? MemberIds.of(memberId) : node.freeMemberIds();
		this.settings = new ConnectionSettings(settings.name(), settings.requestTimeout(),
				new CpgLimits(settings.maxMessageSize(), node.maxAtomicMessageSize(), settings.sendTimeout()),
				settings.deliveryQueueCapacity(), settings.overflow(), settings.quorum(), settings.settingNames());
	}

	/**
	 * Starts to build a connector.
	 * @param node the node whose daemon it connects to
	 */
	public static Builder builder(EmbeddedNode node) {
		return new Builder(node);
	}

	/**
	 * {@inheritDoc} While the daemon is paused it admits nobody, and the call waits, at
	 * most for the request timeout.
	 * @throws dev.cpg.client.CorosyncConnectException with the reason
	 * {@link dev.cpg.client.CorosyncConnectException.Reason#NOT_RUNNING NOT_RUNNING} if
	 * the node was killed or stopped, with
	 * {@link dev.cpg.client.CorosyncConnectException.Reason#TIMEOUT TIMEOUT} if it stays
	 * paused
	 */
	@Override
	public CpgConnection connect(CpgListener listener) {
		return this.node.open(listener, null, this.memberIds, this.settings);
	}

	/**
	 * {@inheritDoc} It waits and fails as {@link #connect(CpgListener)} does.
	 */
	@Override
	public CpgConnection connect(CpgListener listener, CpgInterceptor interceptor) {
		return this.node.open(listener, Objects.requireNonNull(interceptor), this.memberIds, this.settings);
	}

	/**
	 * {@inheritDoc} It waits for a paused daemon, and fails, as {@link #connect} does.
	 */
	@Override
	public CpgQuorumConnection connectQuorum(CpgQuorumListener listener) {
		return this.node.openQuorum(listener, this.settings);
	}

	/**
	 * {@inheritDoc} They are those that the cluster was built with.
	 */
	@Override
	public CompletableFuture<CpgNames> names() {
		return CompletableFuture.completedFuture(this.node.names());
	}

	/**
	 * {@inheritDoc} The delay with which rings form stands for the consensus timeout.
	 */
	@Override
	public CompletableFuture<CpgClusterSettings> clusterSettings() {
		return CompletableFuture.completedFuture(this.node.clusterSettings());
	}

	/**
	 * Collects the settings of a connector to an embedded node.
	 */
	public static final class Builder extends CpgConnectorBuilder<Builder> {

		private final EmbeddedNode node;

		private Builder(EmbeddedNode node) {
			super("embedded");
			this.node = node;
		}

		@Override
		protected Builder self() {
			return this;
		}

		/**
		 * Builds the connector.
		 */
		@Override
		public EmbeddedConnector build() {
			return new EmbeddedConnector(this.node, settings());
		}

	}

}

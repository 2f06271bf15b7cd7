package dev.cpg.embedded;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the daemon of a node of an {@link EmbeddedCluster}. Its settings
 * are those of a connector to Corosync, as far as there is something to set here, and
 * have the same defaults.
 */
public final class EmbeddedConnector implements CpgConnector {

	private final EmbeddedNode node;

	private final MemberIds memberIds;

	private final ConnectionSettings settings;

	private EmbeddedConnector(Builder builder) {
		this.node = builder.node;
		this.memberIds = (builder.memberId != null) ? MemberIds.of(builder.memberId) : builder.node.freeMemberIds();
		this.settings = builder.settings();
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
		return this.node.openQuorum(listener, this.settings.requestTimeout());
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
	 * Collects the settings of a connector.
	 */
	public static final class Builder {

		private final EmbeddedNode node;

		private String name = "embedded";

		private Duration requestTimeout = Duration.ofSeconds(5);

		private Duration sendTimeout = Duration.ofSeconds(10);

		private @Nullable Long memberId;

		private long deliveryQueueCapacity = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 4);

		private CpgOverflow overflow = CpgOverflow.BLOCK;

		private int maxMessageSize = 16 << 20;

		private Supplier<CpgQuorum> quorum = () -> CpgQuorum.NONE;

		private Function<CorosyncSetting, String> settingNames = CorosyncSetting::toString;

		private Builder(EmbeddedNode node) {
			this.node = node;
		}

		/**
		 * Sets what the log calls the connections; {@code embedded} by default.
		 * @param name the name, such as the group's
		 */
		public Builder name(String name) {
			this.name = name;
			return this;
		}

		/**
		 * Sets how long a call waits for an answer of the daemon, connecting included; 5
		 * seconds by default. A daemon answers at once unless it is paused.
		 * @param timeout the limit, more than zero
		 */
		public Builder requestTimeout(Duration timeout) {
			this.requestTimeout = requirePositive("request timeout", timeout);
			return this;
		}

		/**
		 * Sets how long a message may take from the call to its own delivery, waiting for
		 * flow control included; 10 seconds by default.
		 * @param timeout the limit, more than zero
		 */
		public Builder sendTimeout(Duration timeout) {
			this.sendTimeout = requirePositive("send timeout", timeout);
			return this;
		}

		/**
		 * Sets what other members see as this member's process id. Two members of a group
		 * on one node must differ in it. By default it is the process id, or a larger
		 * number if the node has a member of the group under that one.
		 * @param memberId the number, see {@link CpgAddress#isMemberId}
		 * @throws IllegalArgumentException if it cannot be one
		 */
		public Builder memberId(long memberId) {
			if (!CpgAddress.isMemberId(memberId)) {
				throw new IllegalArgumentException("A member id is %d to %d, but was %d"
					.formatted(CpgAddress.MIN_MEMBER_ID, CpgAddress.MAX_MEMBER_ID, memberId));
			}
			this.memberId = memberId;
			return this;
		}

		/**
		 * Sets how many bytes may wait for the listener before no more are taken from the
		 * daemon; 64 MiB by default, or a quarter of the largest heap if that is less.
		 * @param bytes the number of bytes, more than zero
		 */
		public Builder deliveryQueueCapacity(long bytes) {
			if (bytes <= 0) {
				throw new IllegalArgumentException("The delivery queue's capacity must be positive, but was " + bytes);
			}
			this.deliveryQueueCapacity = bytes;
			return this;
		}

		/**
		 * Sets what happens when that capacity is reached; {@link CpgOverflow#BLOCK} by
		 * default.
		 * @param overflow the policy
		 */
		public Builder overflow(CpgOverflow overflow) {
			this.overflow = overflow;
			return this;
		}

		/**
		 * Sets the size of the largest message that is sent or put together from
		 * fragments; 16 MiB by default.
		 * @param bytes the size, 1 to 1 GiB
		 */
		public Builder maxMessageSize(int bytes) {
			if (bytes < 1 || bytes > CpgLimits.MAX_MESSAGE_SIZE) {
				throw new IllegalArgumentException("The largest message has 1 to %d bytes, but was %d"
					.formatted(CpgLimits.MAX_MESSAGE_SIZE, bytes));
			}
			this.maxMessageSize = bytes;
			return this;
		}

		/**
		 * Sets where {@linkplain dev.cpg.client.CpgView#quorum() the quorum of views}
		 * comes from; by default it is not known. A view is paired with it by its ring
		 * and the ring's nodes.
		 * @param quorum gives the quorum as reported last, at once and for any thread, as
		 * {@link dev.cpg.client.CpgQuorumConnection#quorum()} does
		 */
		public Builder quorum(Supplier<CpgQuorum> quorum) {
			this.quorum = quorum;
			return this;
		}

		/**
		 * Sets how errors and the log call the settings, for an application that offers
		 * them under names of its own, such as {@code orders.member-id}; by default like
		 * the methods of this builder.
		 * @param names gives a setting's name
		 */
		public Builder settingNames(Function<CorosyncSetting, String> names) {
			this.settingNames = names;
			return this;
		}

		private ConnectionSettings settings() {
			return new ConnectionSettings(this.name, this.requestTimeout,
					new CpgLimits(this.maxMessageSize, this.node.maxAtomicMessageSize(), this.sendTimeout),
					this.deliveryQueueCapacity, this.overflow, this.quorum, this.settingNames);
		}

		/**
		 * Builds the connector.
		 */
		public EmbeddedConnector build() {
			return new EmbeddedConnector(this);
		}

		private static Duration requirePositive(String what, Duration timeout) {
			if (timeout.isNegative() || timeout.isZero()) {
				throw new IllegalArgumentException("The " + what + " must be positive, but was " + timeout);
			}
			return timeout;
		}

	}

}

package dev.cpg.client.corosync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
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
import dev.cpg.client.internal.concurrent.ConnectionThreads;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.concurrent.SharedTimer;
import dev.cpg.client.internal.cpg.delivery.Reassembler;
import dev.cpg.client.internal.cpg.delivery.Receiver;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.ipc.transport.DatagramSockets;
import dev.cpg.client.internal.ipc.transport.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the corosync daemon of this machine.
 * <p>
 * The daemon must admit the user of this process: root, or one that its {@code uidgid}
 * lists; and the daemon must run as root or as that user, unless another one is trusted
 * with it. The process must share corosync's {@code /dev/shm} and, unless corosync uses
 * file sockets, its network namespace.
 */
public final class CorosyncConnector implements CpgConnector {

	private final SessionOpener sessions;

	private final MemberIds memberIds;

	private final ConfigurationReader configuration;

	private final QuorumOpener quorum;

	private CorosyncConnector(Builder builder, CpgConnectorBuilder.Settings common) {
		DaemonAccess daemon = DaemonAccess.of(builder.socketDirectory);
		SessionSettings settings = builder.sessionSettings();
		ServiceConnector services = new ServiceConnector(builder.socketDirectory, builder.trustedUids,
				builder.datagramSockets, settings);
		ConnectionThreads threads = new ConnectionThreads(common.name(), builder.threadFactory, builder.executor,
				HelperThreads.SHARED, SharedTimer.SHARED);
		this.sessions = new SessionOpener(services, daemon.setUps(), settings, threads);
		this.memberIds = new MemberIds(common.memberId());
		this.configuration = new ConfigurationReader(services, daemon, settings.requestTimeout(), builder.trustedUids);
		this.quorum = new QuorumOpener(services, daemon.setUps(), settings.requestTimeout(), threads);
	}

	/**
	 * Starts to build a connector; without any further setting it connects to the daemon
	 * where libqb's programs would.
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Loads the native library and what else takes its time when the first connection is
	 * opened. An application may call it on a thread of its own while it does other
	 * things; it need not. It never fails: {@link #connect} reports what is wrong.
	 */
	public static void preload() {
		Preload.run();
	}

	/**
	 * {@inheritDoc} It takes at most the request timeout, after those that this process
	 * opens to the same daemon and that came before, of which a few are opened at a time.
	 * An interrupt does not cut it short.
	 */
	@Override
	public CpgConnection connect(CpgListener listener) {
		return connect(new Receiver(listener, null));
	}

	/**
	 * {@inheritDoc} It takes at most the request timeout, as
	 * {@link #connect(CpgListener)} does.
	 */
	@Override
	public CpgConnection connect(CpgListener listener, CpgInterceptor interceptor) {
		return connect(new Receiver(listener, Objects.requireNonNull(interceptor)));
	}

	private CpgConnection connect(Receiver receiver) {
		return new CorosyncConnection(this.sessions, this.memberIds, receiver,
				this.sessions.settings().requestTimeout());
	}

	/**
	 * {@inheritDoc} They are read from the daemon's configuration map, in a short
	 * connection of its own; see {@code cmap_keys(7)}: {@code totem.cluster_name},
	 * {@code nodelist.node.N.nodeid} and {@code nodelist.node.N.name}. They may have been
	 * read less than 2 seconds ago, for another connector to the same daemon that has the
	 * same request timeout and trusts the same users.
	 */
	@Override
	public CompletableFuture<CpgNames> names() {
		return this.configuration.names();
	}

	/**
	 * {@inheritDoc} They are read from the daemon's configuration map, in a short
	 * connection of its own; see {@code cmap_keys(7)} and {@code votequorum(5)}.
	 */
	@Override
	public CompletableFuture<CpgClusterSettings> clusterSettings() {
		return this.configuration.settings();
	}

	/**
	 * {@inheritDoc} It takes at most the request timeout, as {@link #connect} does.
	 * @throws CorosyncConnectException if it could not be opened, with the reason
	 */
	@Override
	public CpgQuorumConnection connectQuorum(CpgQuorumListener listener) {
		return this.quorum.open(listener);
	}

	/**
	 * Collects the settings of a connector to Corosync.
	 */
	public static final class Builder extends CpgConnectorBuilder<Builder> {

		/** The one above stands for no user. */
		private static final long MAX_UID = 0xFFFF_FFFEL;

		private @Nullable Path socketDirectory;

		private Set<Long> trustedUids = Set.of();

		private Duration livenessInterval = Duration.ofSeconds(5);

		private @Nullable Long reassemblyCapacity;

		private DatagramSockets datagramSockets = Platform::newDatagramSocket;

		private ThreadFactory threadFactory = Thread::new;

		private @Nullable Executor executor;

		private Builder() {
			super("corosync");
		}

		@Override
		protected Builder self() {
			return this;
		}

		/**
		 * Sets the directory of the daemon's file sockets. By default, {@code null}, it
		 * is looked for where libqb's programs would: in the abstract namespace, or in
		 * {@code /run}, {@code /var/run} and {@code /tmp} where libqb's force file is
		 * there.
		 * @param directory the directory, or {@code null}
		 * @throws IllegalArgumentException if the sockets' paths would be longer than the
		 * 107 bytes that Linux takes, see {@code unix(7)}
		 */
		public Builder socketDirectory(@Nullable Path directory) {
			if (directory != null) {
				ServiceConnector.requireShortEnough(directory);
			}
			this.socketDirectory = directory;
			return this;
		}

		/**
		 * Sets which users may run the daemon, besides root and the user of this process;
		 * by default nobody. A daemon of any other user is refused with
		 * {@link Reason#UNTRUSTED_DAEMON} before anything is sent to it, as any local
		 * user can listen at the daemon's address while it does not run.
		 * <p>
		 * In a user namespace the uids are those that this process sees. Users that the
		 * namespace does not map, among them root outside of it, all have the overflow
		 * uid (65534, see {@code user_namespaces(7)}) there: whoever trusts it trusts
		 * them all.
		 * @param uids unsigned 32-bit numbers
		 * @throws IllegalArgumentException if one is not
		 */
		public Builder trustedUids(Set<Long> uids) {
			for (long uid : uids) {
				if (uid < 0 || uid > MAX_UID) {
					throw new IllegalArgumentException("A uid is 0 to %d, but was %d".formatted(MAX_UID, uid));
				}
			}
			this.trustedUids = Set.copyOf(uids);
			return this;
		}

		/**
		 * Sets for how long the daemon may say nothing on a connection before it is asked
		 * whether it is alive; 5 seconds by default. It is asked for the local node's id,
		 * which costs it some microseconds. If it does not answer within the
		 * {@linkplain #requestTimeout request timeout}, the connection ends with
		 * {@link dev.cpg.client.CsError#TIMEOUT}. While the ring re-forms the daemon
		 * answers nobody, so it has ten times as long then. Pauses of this process do not
		 * count.
		 * @param interval the interval, zero to never ask
		 */
		public Builder livenessInterval(Duration interval) {
			if (interval.isNegative()) {
				throw new IllegalArgumentException("The liveness interval must not be negative, but was " + interval);
			}
			this.livenessInterval = interval;
			return this;
		}

		/**
		 * Sets how many bytes the unfinished messages of all other members may take
		 * together, those that come in fragments and are not complete yet. When they take
		 * more, those that began first are dropped, counted and logged. By default a
		 * quarter of the largest heap that the JVM will use, and room for one largest
		 * message at least. It holds for each connection; set it, or the size of the
		 * largest message, lower where there are several in one JVM.
		 * @param bytes the number of bytes, at least the size of the largest message
		 */
		public Builder reassemblyCapacity(long bytes) {
			this.reassemblyCapacity = bytes;
			return this;
		}

		/**
		 * Sets what makes the threads of each connection, of which there are at most
		 * three: {@code reader}, {@code delivery}, which calls the listener, and
		 * {@code outcomes}, if there is no {@link #executor}. They get names and become
		 * daemons; the factory must not start them, must not make virtual threads, and
		 * must not block: it also replaces a thread that is held up. Nobody may interrupt
		 * them. What is due at a time, and questions to the daemon that no caller waits
		 * for, are run by threads that all connections share.
		 * @param factory the factory; {@code Thread::new} by default
		 */
		public Builder threadFactory(ThreadFactory factory) {
			this.threadFactory = factory;
			return this;
		}

		/**
		 * Sets what runs the actions that depend on futures of sends, such as those of
		 * {@code thenAccept} and {@code whenComplete}. By default a thread of the
		 * connection runs them. With an executor there is no such thread: a task runs
		 * what there is to run, in the order of the outcomes, and ends.
		 * <p>
		 * An action may block: a task that it holds up for 100 ms is replaced by another
		 * one. A task that is rejected, or is not run for as long, is replaced by a
		 * thread; so is one that is run by the thread which submits it, as that may be
		 * one that reads events. So no outcome is lost.
		 * @param executor the executor, whose {@code execute} must not block; for
		 * instance of virtual threads
		 */
		public Builder executor(Executor executor) {
			this.executor = executor;
			return this;
		}

		private SessionSettings sessionSettings() {
			Settings common = settings();
			return new SessionSettings(common.requestTimeout(), this.livenessInterval, common.sendTimeout(),
					common.deliveryQueueCapacity(), common.overflow(), common.maxMessageSize(),
					effectiveReassemblyCapacity(common.maxMessageSize()), common.batchSize(), common.quorum(),
					common.settingNames());
		}

		private long effectiveReassemblyCapacity(int maxMessageSize) {
			long least = Reassembler.capacityFor(maxMessageSize);
			if (this.reassemblyCapacity == null) {
				return Reassembler.defaultCapacity(maxMessageSize);
			}
			if (this.reassemblyCapacity < maxMessageSize) {
				throw new IllegalArgumentException(
						"The capacity for unfinished messages, %d bytes, is less than one largest message has, %d bytes"
							.formatted(this.reassemblyCapacity, maxMessageSize));
			}
			return Math.max(least, this.reassemblyCapacity);
		}

		/**
		 * Sets where the sockets of libqb's socket transport come from: for a daemon in
		 * another network namespace, as tests have.
		 */
		Builder datagramSockets(DatagramSockets datagramSockets) {
			this.datagramSockets = datagramSockets;
			return this;
		}

		/**
		 * Builds the connector.
		 * @throws IllegalArgumentException if the capacity for unfinished messages is
		 * less than one largest message needs
		 */
		@Override
		public CorosyncConnector build() {
			return new CorosyncConnector(this, settings());
		}

	}

}

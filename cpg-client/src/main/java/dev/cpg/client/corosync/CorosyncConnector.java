package dev.cpg.client.corosync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
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
import dev.cpg.client.CpgView;
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

	private CorosyncConnector(Builder builder) {
		DaemonAccess daemon = DaemonAccess.of(builder.socketDirectory);
		SessionSettings settings = builder.sessionSettings();
		ServiceConnector services = new ServiceConnector(builder.socketDirectory, builder.trustedUids,
				builder.datagramSockets, settings);
		ConnectionThreads threads = new ConnectionThreads(builder.name, builder.threadFactory, builder.executor,
				HelperThreads.SHARED, SharedTimer.SHARED);
		this.sessions = new SessionOpener(services, daemon.setUps(), settings, threads);
		this.memberIds = new MemberIds(builder.memberId);
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
	 * Collects the settings of a connector.
	 */
	public static final class Builder {

		/** The one above stands for no user. */
		private static final long MAX_UID = 0xFFFF_FFFEL;

		private String name = "corosync";

		private @Nullable Path socketDirectory;

		private Set<Long> trustedUids = Set.of();

		private Duration requestTimeout = Duration.ofSeconds(5);

		private Duration livenessInterval = Duration.ofSeconds(5);

		private Duration sendTimeout = Duration.ofSeconds(10);

		private @Nullable Long memberId;

		private long deliveryQueueCapacity = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 4);

		private CpgOverflow overflow = CpgOverflow.BLOCK;

		private int maxMessageSize = 16 << 20;

		private @Nullable Long reassemblyCapacity;

		private Supplier<CpgQuorum> quorum = () -> CpgQuorum.NONE;

		private Function<CorosyncSetting, String> settingNames = CorosyncSetting::toString;

		private DatagramSockets datagramSockets = Platform::newDatagramSocket;

		private ThreadFactory threadFactory = Thread::new;

		private @Nullable Executor executor;

		private Builder() {
		}

		/**
		 * Sets what the connections' threads are named after; {@code corosync} by
		 * default.
		 * @param name the name, such as the group's
		 */
		public Builder name(String name) {
			this.name = name;
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
		 * Sets the time limit of a request to the daemon, connecting included; 5 seconds
		 * by default.
		 * @param timeout the limit, more than zero
		 */
		public Builder requestTimeout(Duration timeout) {
			this.requestTimeout = requirePositive("request timeout", timeout);
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
		 * on one node must differ in it. By default it is the process id, or, where the
		 * node has a member of the group under that number already, the process id plus a
		 * multiple of 4,194,304 (2^22), which no process has as its id.
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
		 * Sets where {@linkplain CpgView#quorum() the quorum of views} comes from; by
		 * default it is not known. A view is paired with it by its ring and the ring's
		 * nodes.
		 * @param quorum gives the quorum as reported last, at once and for any thread:
		 * {@link CpgQuorumConnection#quorum()}
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
			return new SessionSettings(this.requestTimeout, this.livenessInterval, this.sendTimeout,
					this.deliveryQueueCapacity, this.overflow, this.maxMessageSize, effectiveReassemblyCapacity(),
					this.quorum, this.settingNames);
		}

		private long effectiveReassemblyCapacity() {
			long least = Reassembler.capacityFor(this.maxMessageSize);
			if (this.reassemblyCapacity == null) {
				return Reassembler.defaultCapacity(this.maxMessageSize);
			}
			if (this.reassemblyCapacity < this.maxMessageSize) {
				throw new IllegalArgumentException(
						"The capacity for unfinished messages, %d bytes, is less than one largest message has, %d bytes"
							.formatted(this.reassemblyCapacity, this.maxMessageSize));
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
		public CorosyncConnector build() {
			return new CorosyncConnector(this);
		}

		private static Duration requirePositive(String what, Duration timeout) {
			if (timeout.isNegative() || timeout.isZero()) {
				throw new IllegalArgumentException("The " + what + " must be positive, but was " + timeout);
			}
			return timeout;
		}

	}

}

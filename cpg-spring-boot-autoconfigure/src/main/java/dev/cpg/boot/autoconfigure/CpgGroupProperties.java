package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.cpg.client.CpgOverflow;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the membership in one group.
 */
public class CpgGroupProperties {

	/**
	 * Group to join, 1 to 128 bytes in UTF-8. Defaults to the value of
	 * 'spring.application.name', and for an additional group to its key.
	 */
	private @Nullable String group;

	/**
	 * Whether a NUL at the end counts as part of the group's name, as programs in C such
	 * as Pacemaker count it. To Corosync these are two groups.
	 */
	private boolean groupNameTerminated;

	/**
	 * Number of this member, 1 to 4294967295, which other members see as its pid. It must
	 * be unique among the group's members on a node. Defaults to the process id or, if a
	 * member on the node has that number already, to the process id plus a multiple of
	 * 4194304, which is no process's id.
	 */
	private @Nullable Long memberId;

	/**
	 * Whether the application fails to start when the first attempt to join fails. If
	 * not, it starts without being a member and goes on trying.
	 */
	private boolean failFast;

	/**
	 * How long the start waits for the first attempt to join, which then goes on in the
	 * background.
	 */
	private Duration joinTimeout = Duration.ofSeconds(10);

	/**
	 * How long leaving may take when the application stops.
	 */
	private Duration leaveTimeout = Duration.ofSeconds(2);

	/**
	 * Largest message that is sent or put together from fragments, 1B to 1GB. A larger
	 * one of another member is dropped and counted.
	 */
	private DataSize maxMessageSize = DataSize.ofMegabytes(16);

	private final Corosync corosync = new Corosync();

	private final Reconnect reconnect = new Reconnect();

	private final Delivery delivery = new Delivery();

	private final Template template = new Template();

	private final Batching batching = new Batching();

	@NestedConfigurationProperty
	private final CpgLeaderProperties leader = new CpgLeaderProperties();

	private final Liveness liveness = new Liveness();

	public @Nullable String getGroup() {
		return this.group;
	}

	public void setGroup(@Nullable String group) {
		this.group = group;
	}

	public boolean isGroupNameTerminated() {
		return this.groupNameTerminated;
	}

	public void setGroupNameTerminated(boolean groupNameTerminated) {
		this.groupNameTerminated = groupNameTerminated;
	}

	public @Nullable Long getMemberId() {
		return this.memberId;
	}

	public void setMemberId(@Nullable Long memberId) {
		this.memberId = memberId;
	}

	public boolean isFailFast() {
		return this.failFast;
	}

	public void setFailFast(boolean failFast) {
		this.failFast = failFast;
	}

	public Duration getJoinTimeout() {
		return this.joinTimeout;
	}

	public void setJoinTimeout(Duration joinTimeout) {
		this.joinTimeout = joinTimeout;
	}

	public Duration getLeaveTimeout() {
		return this.leaveTimeout;
	}

	public void setLeaveTimeout(Duration leaveTimeout) {
		this.leaveTimeout = leaveTimeout;
	}

	public DataSize getMaxMessageSize() {
		return this.maxMessageSize;
	}

	public void setMaxMessageSize(DataSize maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	public Corosync getCorosync() {
		return this.corosync;
	}

	public Reconnect getReconnect() {
		return this.reconnect;
	}

	public Delivery getDelivery() {
		return this.delivery;
	}

	public Batching getBatching() {
		return this.batching;
	}

	public Template getTemplate() {
		return this.template;
	}

	public CpgLeaderProperties getLeader() {
		return this.leader;
	}

	public Liveness getLiveness() {
		return this.liveness;
	}

	/**
	 * Whether members that hang are noticed.
	 */
	public static class Liveness {

		/**
		 * Whether this service is heard in the group: members that have this or roles
		 * notice if it hangs, and it notices others. A leader is heard anyway by members
		 * with its role. The timeout is 'cpg.leader.liveness-timeout'.
		 */
		private boolean enabled;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * Where the daemon is, and how long it may take.
	 */
	public static class Corosync {

		/**
		 * Directory of the daemon's file sockets. By default its abstract sockets are
		 * used, or file sockets where libqb's 'force-filesystem-sockets' file asks for
		 * them.
		 */
		private @Nullable Path socketDirectory;

		/**
		 * Ids of the users, 0 to 4294967294, that may run the daemon, besides root and
		 * the user of this process. A daemon of any other user is refused, as it may be
		 * an impostor.
		 */
		private Set<Long> trustedUids = new LinkedHashSet<>();

		/**
		 * How long the daemon may take to answer a request.
		 */
		private Duration requestTimeout = Duration.ofSeconds(5);

		/**
		 * How long the daemon may be silent before it is asked whether it is alive. If it
		 * does not answer within the request timeout, it hangs and the connection is
		 * lost. Zero to never ask.
		 */
		private Duration livenessInterval = Duration.ofSeconds(5);

		public @Nullable Path getSocketDirectory() {
			return this.socketDirectory;
		}

		public void setSocketDirectory(@Nullable Path socketDirectory) {
			this.socketDirectory = socketDirectory;
		}

		public Set<Long> getTrustedUids() {
			return this.trustedUids;
		}

		public void setTrustedUids(Set<Long> trustedUids) {
			this.trustedUids = trustedUids;
		}

		public Duration getRequestTimeout() {
			return this.requestTimeout;
		}

		public void setRequestTimeout(Duration requestTimeout) {
			this.requestTimeout = requestTimeout;
		}

		public Duration getLivenessInterval() {
			return this.livenessInterval;
		}

		public void setLivenessInterval(Duration livenessInterval) {
			this.livenessInterval = livenessInterval;
		}

	}

	/**
	 * The pauses between attempts to connect and join.
	 */
	public static class Reconnect {

		/**
		 * Pause after the first attempt that failed, and after a connection was lost.
		 */
		private Duration initialInterval = Duration.ofMillis(100);

		/**
		 * Factor by which each pause is longer than the one before, at least 1.
		 */
		private double multiplier = 2;

		/**
		 * Longest pause; not shorter than the first. When the daemon comes back, the
		 * service joins at most this much later.
		 */
		private Duration maxInterval = Duration.ofSeconds(1);

		public Duration getInitialInterval() {
			return this.initialInterval;
		}

		public void setInitialInterval(Duration initialInterval) {
			this.initialInterval = initialInterval;
		}

		public double getMultiplier() {
			return this.multiplier;
		}

		public void setMultiplier(double multiplier) {
			this.multiplier = multiplier;
		}

		public Duration getMaxInterval() {
			return this.maxInterval;
		}

		public void setMaxInterval(Duration maxInterval) {
			this.maxInterval = maxInterval;
		}

	}

	/**
	 * The way from the daemon to the listeners.
	 */
	public static class Delivery {

		/**
		 * How much may wait for slow listeners, on the heap. Defaults to 64MB or, if that
		 * is less, to the group's part of a quarter of the largest heap, which all groups
		 * share.
		 */
		private @Nullable DataSize queueCapacity;

		/**
		 * How much memory the unfinished messages of all other members may take, those
		 * that come in fragments. Beyond it the oldest are dropped and counted. By
		 * default a quarter of the heap, shared evenly by the groups of the service, and
		 * never less than 'cpg.max-message-size'.
		 */
		private @Nullable DataSize reassemblyCapacity;

		/**
		 * What happens when 'cpg.delivery.queue-capacity' is full: 'block' leaves the
		 * rest to the daemon, which keeps it in memory that it never gives back; 'leave'
		 * leaves the group, and joins it again when the listeners have caught up.
		 */
		private CpgOverflow overflow = CpgOverflow.BLOCK;

		/**
		 * How long a listener may be busy with one event before a warning names it.
		 */
		private Duration slowListenerThreshold = Duration.ofSeconds(1);

		/**
		 * How long a listener may be busy with one event before the health is DOWN: the
		 * service is a member then, and handles no events.
		 */
		private Duration stallTimeout = Duration.ofSeconds(30);

		/**
		 * Whether the deliveries of messages are observed, which gives traces and timers.
		 */
		private boolean observationEnabled;

		public @Nullable DataSize getQueueCapacity() {
			return this.queueCapacity;
		}

		public void setQueueCapacity(@Nullable DataSize queueCapacity) {
			this.queueCapacity = queueCapacity;
		}

		public @Nullable DataSize getReassemblyCapacity() {
			return this.reassemblyCapacity;
		}

		public void setReassemblyCapacity(@Nullable DataSize reassemblyCapacity) {
			this.reassemblyCapacity = reassemblyCapacity;
		}

		public CpgOverflow getOverflow() {
			return this.overflow;
		}

		public void setOverflow(CpgOverflow overflow) {
			this.overflow = overflow;
		}

		public Duration getSlowListenerThreshold() {
			return this.slowListenerThreshold;
		}

		public void setSlowListenerThreshold(Duration slowListenerThreshold) {
			this.slowListenerThreshold = slowListenerThreshold;
		}

		public Duration getStallTimeout() {
			return this.stallTimeout;
		}

		public void setStallTimeout(Duration stallTimeout) {
			this.stallTimeout = stallTimeout;
		}

		public boolean isObservationEnabled() {
			return this.observationEnabled;
		}

		public void setObservationEnabled(boolean observationEnabled) {
			this.observationEnabled = observationEnabled;
		}

	}

	/**
	 * Batches of messages.
	 */
	public static class Batching {

		/**
		 * Whether messages that are sent while others are under way go together. It takes
		 * effect while it is enabled for each member of the group.
		 */
		private boolean enabled;

		/**
		 * Largest batch of several messages, 1KB to 512KB.
		 */
		private DataSize maxSize = DataSize.ofKilobytes(64);

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(DataSize maxSize) {
			this.maxSize = maxSize;
		}

	}

	/**
	 * Sending.
	 */
	public static class Template {

		/**
		 * How long sending a message may take, from the call until its delivery is seen.
		 */
		private Duration sendTimeout = Duration.ofSeconds(10);

		/**
		 * Whether sending waits while the cluster takes no messages. If not, it fails at
		 * once.
		 */
		private boolean wait = true;

		/**
		 * Whether the sending of messages is observed, which gives traces and timers.
		 */
		private boolean observationEnabled;

		public Duration getSendTimeout() {
			return this.sendTimeout;
		}

		public void setSendTimeout(Duration sendTimeout) {
			this.sendTimeout = sendTimeout;
		}

		public boolean isWait() {
			return this.wait;
		}

		public void setWait(boolean wait) {
			this.wait = wait;
		}

		public boolean isObservationEnabled() {
			return this.observationEnabled;
		}

		public void setObservationEnabled(boolean observationEnabled) {
			this.observationEnabled = observationEnabled;
		}

	}

}

package dev.cpg.spring;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageTypes;
import dev.cpg.spring.observation.CpgDeliverObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ErrorHandler;

/**
 * Keeps this service in its group while the application context runs. It connects and
 * joins, publishes the group's {@linkplain dev.cpg.spring.event events}, reconnects and
 * joins again when the connection is lost, and leaves when the context is closed.
 * <p>
 * The start waits for the first attempt, at most for the join timeout. All attempts are
 * made by one thread of this membership, {@code cpg-GROUP-membership}. Like the threads
 * of message listener containers it keeps the JVM running until the context is closed.
 */
public final class CpgMembership implements SmartLifecycle, DisposableBean {

	/**
	 * The phase in which the group is joined: before the web server accepts requests
	 * ({@code DEFAULT_PHASE - 2048}). By itself a membership also stops in this phase,
	 * after the web server; the auto-configuration stops it before that.
	 */
	public static final int PHASE = DEFAULT_PHASE - 3072;

	/** Logs the exceptions of listeners, with the listener's name and the event. */
	public static final ErrorHandler LOGGING_ERROR_HANDLER = ListenerCalls::log;

	private final MembershipSetup setup;

	private final GroupState group;

	private final GroupSender sender;

	private final Object monitor = new Object();

	private @Nullable MembershipRun run;

	/** The run that was stopped last, which may not have ended. */
	private @Nullable MembershipRun stopped;

	private CpgMembership(Builder builder) {
		DeliverObservations observations = builder.observations;
		ListenerCalls calls = new ListenerCalls(
				(observations != null) ? observations.observing(builder.errorHandler) : builder.errorHandler);
		MembershipThread thread = new MembershipThread("cpg-" + builder.name + "-membership");
		ListenerWatchdog watchdog = new ListenerWatchdog(calls, builder.settings, thread::wake);
		CpgObserver observer = new SafeObserver(builder.observers);
		this.group = new GroupState(builder.name.text(), calls, builder.quorum);
		GroupEvents events = new GroupEvents(this.group, new EventDispatcher(builder.publisher, calls, watchdog),
				observer, new MessageReader(builder.mapper, observer), observations);
		this.setup = new MembershipSetup(builder.connector, builder.name, builder.settings, events, thread, watchdog,
				builder.quorum, builder.interceptor);
		this.sender = new GroupSender(this.group, builder.mapper, observer, this::isStopped,
				builder.settings.name("template.wait", "waiting"), builder.interceptor);
		if (builder.interceptor != null) {
			builder.interceptor.attached();
		}
	}

	/**
	 * Starts to build a membership.
	 * @param connector opens the connections
	 * @param name the group
	 * @param settings how to join, leave and reconnect
	 * @param publisher publishes the events; it should do so on the calling thread
	 */
	public static Builder builder(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings,
			ApplicationEventPublisher publisher) {
		return new Builder(connector, name, settings, publisher);
	}

	/**
	 * Returns the group, always the same object, at any time.
	 */
	public CpgGroup getGroup() {
		return this.group;
	}

	/**
	 * Joins the group, or continues to try in the background if that fails.
	 * @throws CorosyncException if the first attempt fails and the settings say
	 * fail-fast: a {@link CorosyncConnectException} if no connection could be opened,
	 * else a {@link CpgJoinException}
	 */
	@Override
	public void start() {
		start(List.of(this));
	}

	/**
	 * Starts several memberships at the same time, each as {@link #start()} does.
	 * Together they take no longer than the longest of their join timeouts.
	 * @param memberships the memberships
	 * @throws CorosyncException if the first attempt of a membership fails whose settings
	 * say fail-fast; the others are started anyway
	 */
	public static void start(Collection<CpgMembership> memberships) {
		List<Runnable> waits = memberships.stream().flatMap(CpgMembership::begin).toList();
		RuntimeException failure = null;
		for (Runnable wait : waits) {
			try {
				wait.run();
			}
			catch (RuntimeException ex) {
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	/** Returns what waits for the first attempt, unless it was started already. */
	private Stream<Runnable> begin() {
		MembershipRun run;
		synchronized (this.monitor) {
			if (this.run != null) {
				return Stream.empty();
			}
			CompletableFuture<?> previous = (this.stopped != null) ? this.stopped.ended()
					: CompletableFuture.completedFuture(true);
			run = new MembershipRun(this.setup, previous);
			this.run = run;
			// The thread makes the runs in the order in which they replace each other.
			run.start();
		}
		return Stream.of(() -> awaitFirstAttempt(run));
	}

	private void awaitFirstAttempt(MembershipRun run) {
		try {
			run.awaitFirstAttempt();
		}
		catch (RuntimeException ex) {
			if (this.setup.settings().failFast()) {
				stop();
				throw ex;
			}
		}
	}

	/**
	 * Leaves the group and closes the connection. Returns when the last event has been
	 * published or the leave timeout has passed; no event is published after that. A call
	 * by a listener waits for the leave only.
	 */
	@Override
	public void stop() {
		stop(List.of(this));
	}

	/**
	 * Stops several memberships at the same time, each as {@link #stop()} does. Together
	 * they take no longer than the longest of their leave timeouts.
	 * @param memberships the memberships
	 */
	public static void stop(Collection<CpgMembership> memberships) {
		List<Runnable> waits = memberships.stream().flatMap(CpgMembership::takeRun).map(MembershipRun::stop).toList();
		waits.forEach(Runnable::run);
	}

	private Stream<MembershipRun> takeRun() {
		synchronized (this.monitor) {
			if (this.run != null) {
				this.stopped = this.run;
				this.run = null;
			}
			// Another thread may have begun to stop it, and still wait for its last
			// event.
			MembershipRun stopped = this.stopped;
			return (stopped != null && !stopped.isOver()) ? Stream.of(stopped) : Stream.empty();
		}
	}

	private boolean isStopped() {
		synchronized (this.monitor) {
			return this.run == null && this.stopped != null;
		}
	}

	@Override
	public void destroy() {
		stop();
	}

	/**
	 * Returns whether this membership was started and not stopped. Whether this service
	 * is a member is the group's {@linkplain CpgGroup#getState() state}.
	 */
	@Override
	public boolean isRunning() {
		synchronized (this.monitor) {
			return this.run != null;
		}
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/**
	 * Returns how many bytes have been delivered and not yet been published to listeners.
	 */
	public long getDeliveryQueueBytes() {
		return this.group.statistics().queuedBytes();
	}

	/**
	 * Returns how many bytes of memory are taken by messages of which some fragments are
	 * still missing.
	 */
	public long getReassemblyBytes() {
		return this.group.statistics().reassemblyBytes();
	}

	/**
	 * Returns how long ago the oldest event was delivered that the listeners have not
	 * finished, the one that they are busy with included; zero if there is none.
	 */
	public Duration getDeliveryLag() {
		return this.group.statistics().lag();
	}

	/**
	 * Returns how many messages of other members were dropped, on all connections: they
	 * were larger than the limit, their lengths contradicted each other, unfinished
	 * messages exceeded the memory limit, or they began before this member joined.
	 */
	public long getDroppedMessages() {
		return this.group.droppedMessages();
	}

	/**
	 * Returns whether this service sends its messages in batches now, which members are
	 * the reason if it does not, and how many batches there were, on all connections.
	 */
	public CpgBatchStatistics getBatchStatistics() {
		return this.group.batchStatistics();
	}

	/**
	 * Returns the listener that has been busy with one event for longer than the
	 * settings' stall timeout. Meanwhile this service is a member that gets no events.
	 * @return a sentence, or {@code null} if there is no such listener
	 */
	public @Nullable String getStalledListener() {
		ListenerCalls.Call call = this.group.listenerCalls().current();
		return (call != null && call.duration().compareTo(this.setup.settings().stallTimeout()) >= 0) ? call.toString()
				: null;
	}

	GroupSender sender() {
		return this.sender;
	}

	/**
	 * Builds a membership, not yet started.
	 */
	public static final class Builder {

		private final CpgConnector connector;

		private final CpgGroupName name;

		private final CpgMembershipSettings settings;

		private final ApplicationEventPublisher publisher;

		private List<CpgObserver> observers = List.of();

		private CpgMessageMapper mapper = new CpgMessageMapper(new CpgMessageTypes(Map.of()), null);

		private ErrorHandler errorHandler = LOGGING_ERROR_HANDLER;

		private @Nullable DeliverObservations observations;

		private CpgQuorumMonitor quorum = new CpgQuorumMonitor();

		private @Nullable CpgMembershipInterceptor interceptor;

		private Builder(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings,
				ApplicationEventPublisher publisher) {
			this.connector = connector;
			this.name = name;
			this.settings = settings;
			this.publisher = publisher;
		}

		/**
		 * Sets the observers, none by default.
		 * @param observers they count and measure
		 */
		public Builder observers(List<CpgObserver> observers) {
			this.observers = List.copyOf(observers);
			return this;
		}

		/**
		 * Sets the mapper between payloads and messages; by default payloads can only be
		 * bytes.
		 * @param mapper the mapper
		 */
		public Builder mapper(CpgMessageMapper mapper) {
			this.mapper = mapper;
			return this;
		}

		/**
		 * Sets the handler of exceptions that listeners throw; by default they are
		 * logged. It is called on the delivery thread.
		 * @param errorHandler gets {@link CpgListenerException}s
		 */
		public Builder errorHandler(ErrorHandler errorHandler) {
			this.errorHandler = errorHandler;
			return this;
		}

		/**
		 * Observes the deliveries of messages; off by default.
		 * @param registry the registry of the observations
		 * @param convention names and tags, {@code null} for
		 * {@link dev.cpg.spring.observation.DefaultCpgDeliverObservationConvention}
		 */
		public Builder observations(ObservationRegistry registry,
				@Nullable CpgDeliverObservationConvention convention) {
			this.observations = new DeliverObservations(registry, convention);
			return this;
		}

		/**
		 * Sets what sees the events of the connections before the listeners do.
		 * @param interceptor the interceptor, of this membership alone
		 */
		public Builder interceptor(CpgMembershipInterceptor interceptor) {
			this.interceptor = interceptor;
			return this;
		}

		/**
		 * Sets what keeps the connection to the quorum service; by default it is this
		 * membership's alone.
		 * @param quorum the one that memberships on this engine share
		 */
		public Builder quorum(CpgQuorumMonitor quorum) {
			this.quorum = quorum;
			return this;
		}

		/**
		 * Builds the membership.
		 */
		public CpgMembership build() {
			return new CpgMembership(this);
		}

	}

}

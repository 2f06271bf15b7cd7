package dev.cpg.spring;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CorosyncException;
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
 * Keeps this service in its group while the application context runs: connects and joins,
 * publishes what happens there as {@linkplain dev.cpg.spring.event events}, connects and
 * joins again when the connection is lost, leaves at the end.
 * <p>
 * Starting makes the first attempt and waits for it, at most for the join timeout; what
 * comes later happens on one thread that this object owns, named after the group. That
 * thread keeps the JVM running, as the threads of message listener containers do, until
 * the context is closed.
 */
public final class CpgMembership implements SmartLifecycle, DisposableBean {

	/**
	 * The phase in which the group is joined: before the web server takes requests
	 * ({@code DEFAULT_PHASE - 2048}). Left to itself a membership ends in it, too, after
	 * the web server; the auto-configuration stops it before that.
	 */
	public static final int PHASE = DEFAULT_PHASE - 3072;

	/** Logs what listeners throw, with the listener's name and the event. */
	public static final ErrorHandler LOGGING_ERROR_HANDLER = ListenerCalls::log;

	private final MembershipSetup setup;

	private final GroupState group;

	private final GroupSender sender;

	private final Object monitor = new Object();

	private @Nullable MembershipRun run;

	/** The one that was stopped last, which may not be over. */
	private @Nullable MembershipRun stopped;

	private CpgMembership(Builder builder) {
		DeliverObservations observations = builder.observations;
		ListenerCalls calls = new ListenerCalls(
				(observations != null) ? observations.observing(builder.errorHandler) : builder.errorHandler);
		MembershipThread thread = new MembershipThread("cpg-" + builder.name + "-membership");
		ListenerWatchdog watchdog = new ListenerWatchdog(calls, builder.settings.slowListenerThreshold(), thread::wake);
		CpgObserver observer = new SafeObserver(builder.observers);
		this.group = new GroupState(builder.name.text(), calls);
		GroupEvents events = new GroupEvents(this.group, new EventDispatcher(builder.publisher, calls, watchdog),
				observer, new MessageReader(builder.mapper, observer), observations);
		this.setup = new MembershipSetup(builder.connector, builder.name, builder.settings, events, thread, watchdog);
		this.sender = new GroupSender(this.group, builder.mapper, observer, this::isStopped);
	}

	/**
	 * Starts to build a membership.
	 * @param connector what opens the connections
	 * @param name the group
	 * @param settings how it joins, leaves and comes back
	 * @param publisher where events go; it should publish on the calling thread
	 */
	public static Builder builder(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings,
			ApplicationEventPublisher publisher) {
		return new Builder(connector, name, settings, publisher);
	}

	/**
	 * Returns who is in the group; the same object always, at any time.
	 */
	public CpgGroup getGroup() {
		return this.group;
	}

	/**
	 * Returns how many bytes were delivered that the listeners have not been told of yet.
	 */
	public long getDeliveryQueueBytes() {
		CpgConnection connection = this.group.toldConnection();
		return (connection != null) ? connection.statistics().queuedBytes() : 0;
	}

	/**
	 * Returns how many bytes of memory messages take of which fragments have arrived and
	 * others are missing.
	 */
	public long getReassemblyBytes() {
		CpgConnection connection = this.group.toldConnection();
		return (connection != null) ? connection.statistics().reassemblyBytes() : 0;
	}

	/**
	 * Joins the group, or goes on trying in the background if that fails.
	 * @throws CorosyncException if the first attempt fails and the settings say
	 * fail-fast: a {@link CorosyncConnectException} if there was no connection to be had,
	 * else a {@link CpgJoinException}
	 */
	@Override
	public void start() {
		start(List.of(this));
	}

	/**
	 * Starts several memberships at the same time, each as {@link #start()} does:
	 * together they take no longer than the longest of their join timeouts.
	 * @param memberships which
	 * @throws CorosyncException if the first attempt of one fails whose settings say
	 * fail-fast; the others are started all the same
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

	/** Returns what waits for the first attempt, if it was not started already. */
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
		}
		run.start();
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
	 * Leaves the group and ends the connection. Returns after the last event was
	 * published, or the leave timeout has passed; no event is published after it has
	 * returned. Called by a listener of an event, it waits for the leave only.
	 */
	@Override
	public void stop() {
		stop(List.of(this));
	}

	/**
	 * Stops several memberships at the same time, each as {@link #stop()} does: together
	 * they take no longer than the longest of their leave timeouts.
	 * @param memberships which
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
	 * Returns whether this object is at work, which does not mean that the service is a
	 * member: the group's {@linkplain CpgGroup#getState() state} tells.
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
	 * Returns for how long the oldest of what was delivered has waited for the listeners,
	 * what they are busy with included; zero if they have been told of everything.
	 */
	public Duration getDeliveryLag() {
		CpgConnection connection = this.group.toldConnection();
		return (connection != null) ? connection.statistics().lag() : Duration.ZERO;
	}

	/**
	 * Returns how many messages of others were dropped, on all connections: they are
	 * larger than this member takes, their lengths contradict each other, unfinished
	 * messages took more memory than they may, or they began before this member joined.
	 */
	public long getDroppedMessages() {
		return this.group.droppedMessages();
	}

	/**
	 * Returns which listener has been busy with one event for longer than the settings'
	 * stall timeout: this service is a member then that hears nothing.
	 * @return a sentence, or {@code null} if there is none
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

		private Builder(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings,
				ApplicationEventPublisher publisher) {
			this.connector = connector;
			this.name = name;
			this.settings = settings;
			this.publisher = publisher;
		}

		/**
		 * Says who measures; nobody by default.
		 * @param observers those who do
		 */
		public Builder observers(List<CpgObserver> observers) {
			this.observers = List.copyOf(observers);
			return this;
		}

		/**
		 * Says what makes payloads of messages and messages of payloads; by default
		 * payloads can only be bytes.
		 * @param mapper what does
		 */
		public Builder mapper(CpgMessageMapper mapper) {
			this.mapper = mapper;
			return this;
		}

		/**
		 * Says what becomes of what listeners throw, on the delivery thread; by default
		 * it is logged.
		 * @param errorHandler is given {@link CpgListenerException}s
		 */
		public Builder errorHandler(ErrorHandler errorHandler) {
			this.errorHandler = errorHandler;
			return this;
		}

		/**
		 * Has the deliveries of messages observed; by default they are not.
		 * @param registry where
		 * @param convention names and tags, {@code null} for
		 * {@link dev.cpg.spring.observation.DefaultCpgDeliverObservationConvention}
		 */
		public Builder observations(ObservationRegistry registry,
				@Nullable CpgDeliverObservationConvention convention) {
			this.observations = new DeliverObservations(registry, convention);
			return this;
		}

		/**
		 * Builds it.
		 */
		public CpgMembership build() {
			return new CpgMembership(this);
		}

	}

}

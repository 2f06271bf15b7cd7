package dev.cpg.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.spring.CpgObserver.Outcome;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

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

	private final CpgConnector connector;

	private final CpgGroupName name;

	private final CpgMembershipSettings settings;

	private final ApplicationEventPublisher publisher;

	private final CpgObserver observer;

	private final CpgMessageMapper mapper;

	private final MessageReader reader;

	private final GroupState group;

	private final Object monitor = new Object();

	private @Nullable MembershipRun run;

	private CompletableFuture<?> previous = CompletableFuture.completedFuture(true);

	/**
	 * Creates a membership, not yet started, whose payloads can only be bytes.
	 * @param connector what opens the connections
	 * @param name the group
	 * @param settings how it joins, leaves and comes back
	 * @param publisher where events go; it should publish on the calling thread
	 * @param observers who measures
	 */
	public CpgMembership(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings,
			ApplicationEventPublisher publisher, List<CpgObserver> observers) {
		this(connector, name, settings, publisher, observers,
				new CpgMessageMapper(new CpgMessageTypes(Map.of()), null));
	}

	/**
	 * Creates a membership, not yet started.
	 * @param connector what opens the connections
	 * @param name the group
	 * @param settings how it joins, leaves and comes back
	 * @param publisher where events go; it should publish on the calling thread
	 * @param observers who measures
	 * @param mapper what makes payloads of messages and messages of payloads
	 */
	public CpgMembership(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings,
			ApplicationEventPublisher publisher, List<CpgObserver> observers, CpgMessageMapper mapper) {
		this.connector = connector;
		this.name = name;
		this.settings = settings;
		this.publisher = publisher;
		this.observer = new SafeObserver(observers);
		this.mapper = mapper;
		this.reader = new MessageReader(mapper, this.observer);
		this.group = new GroupState(name.toString());
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
		CpgConnection connection = this.group.connection();
		return (connection != null) ? connection.deliveryQueueBytes() : 0;
	}

	/**
	 * Joins the group, or goes on trying in the background if that fails.
	 * @throws CpgException if the first attempt fails and the settings say fail-fast
	 */
	@Override
	public void start() {
		MembershipRun run;
		synchronized (this.monitor) {
			if (this.run != null) {
				return;
			}
			run = new MembershipRun(this.connector, this.name, this.settings, this.group, this.publisher, this.observer,
					this.reader, this.previous);
			this.run = run;
			this.previous = run.ended();
		}
		run.start();
		try {
			run.awaitFirstAttempt();
		}
		catch (RuntimeException | Error ex) {
			if (this.settings.failFast()) {
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
		MembershipRun run;
		synchronized (this.monitor) {
			run = this.run;
			this.run = null;
		}
		if (run != null) {
			run.stop();
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

	CompletableFuture<CpgView> convertAndMulticast(Object payload, Map<String, Object> headers) {
		byte[] message;
		long start = System.nanoTime();
		try {
			message = this.mapper.write(payload, headers);
		}
		catch (CpgException ex) {
			this.observer.sent(Outcome.REJECTED, since(start));
			return CompletableFuture.failedFuture(ex);
		}
		return multicast(message);
	}

	CompletableFuture<CpgView> multicast(byte[] message) {
		long start = System.nanoTime();
		try {
			CompletableFuture<CpgView> delivery = connection(message).multicast(message);
			var unused = delivery.whenComplete((view, failure) -> this.observer.sent(outcome(failure), since(start)));
			return delivery;
		}
		catch (RuntimeException ex) {
			this.observer.sent(Outcome.REJECTED, since(start));
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CpgConnection connection(byte[] message) {
		CpgConnection connection = this.group.connection();
		if (connection == null) {
			throw new CpgException(CsError.NOT_EXIST,
					("A message of %d bytes to group '%s' was not sent: this service is not a member at the moment. "
							+ "It may be sent again after the next CpgConnectedEvent")
						.formatted(message.length, this.name),
					this.group.getFailure());
		}
		return connection;
	}

	private static Outcome outcome(@Nullable Throwable failure) {
		if (failure == null) {
			return Outcome.DELIVERED;
		}
		return (failure instanceof CpgSendException ex && ex.outcome() == CpgSendException.Outcome.LOST) ? Outcome.LOST
				: Outcome.UNKNOWN;
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

}

package dev.cpg.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLine;
import dev.cpg.client.internal.log.Printable;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

/**
 * One run of a membership, from its start to its stop, on a thread of its own. That
 * thread opens, joins, leaves and closes the connections, one after the other; in between
 * it is parked.
 */
final class MembershipRun {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/** For what failed in a way that nobody foresaw, such as a lack of memory. */
	private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** What waits for listeners longer than this is worth a word. */
	private static final long BACKLOG_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final CpgConnector connector;

	private final CpgGroupName name;

	private final CpgMembershipSettings settings;

	private final GroupEvents events;

	private final GroupState group;

	private final Future<?> previous;

	private final FailureLog failures;

	private final ChangeLog changes;

	private final NodeNames names;

	private final Thread thread;

	private final CompletableFuture<Boolean> firstAttempt = new CompletableFuture<>();

	private volatile long joinDeadline;

	/** Whether the group was left in order, once that is decided. */
	private final CompletableFuture<Boolean> left = new CompletableFuture<>();

	private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

	/** One word is enough: both threads see it when a leave takes too long. */
	private final AtomicBoolean warnedOfStop = new AtomicBoolean();

	/** Whether the thread is done; a listener may still be busy. */
	private volatile boolean done;

	private volatile boolean stopping;

	private volatile long stopDeadline;

	private volatile @Nullable GroupListener listener;

	private volatile @Nullable CpgConnection connection;

	private volatile boolean joined;

	private volatile boolean joinedBefore;

	/**
	 * Creates a run, not yet started.
	 * @param previous completes when the run before this one has ended: a listener may
	 * still be busy with its last event, and this run's events come after it
	 */
	MembershipRun(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings, GroupEvents events,
			CompletableFuture<?> previous) {
		this.connector = connector;
		this.name = name;
		this.settings = settings;
		this.events = events;
		this.group = events.group();
		this.thread = new Thread(this::run, "cpg-" + name + "-membership");
		this.thread.setDaemon(false);
		this.failures = new FailureLog(name.toString(), System::nanoTime);
		this.changes = new ChangeLog(name.toString(), System::nanoTime, this::wake);
		this.names = new NodeNames(connector, this.group);
		this.previous = previous;
		var unused = previous.thenRun(this::wake);
	}

	void start() {
		this.joinDeadline = System.nanoTime() + this.settings.joinTimeout().toNanos();
		this.group.listenerCalls().watchedBy(this.thread);
		try {
			this.thread.start();
		}
		catch (Throwable ex) {
			// There can be no more threads: nobody is to wait for this run.
			end();
			throw ex;
		}
	}

	/**
	 * Returns what completes when the last event has been published.
	 */
	CompletableFuture<?> ended() {
		return this.ended;
	}

	/**
	 * Waits until this service is a member or the first attempt has failed, at most until
	 * the join timeout after the start is over.
	 * @throws CorosyncConnectException why there is no connection
	 * @throws CpgJoinException why it is not a member
	 */
	void awaitFirstAttempt() {
		try {
			this.firstAttempt.get(remaining(this.joinDeadline).toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof CorosyncConnectException cause) {
				throw cause;
			}
			if (ex.getCause() instanceof CorosyncException cause) {
				throw new CpgJoinException(this.name, cause);
			}
			throw new IllegalStateException("Group '%s' could not be joined".formatted(this.name), ex.getCause());
		}
		catch (TimeoutException ex) {
			CorosyncException timeout = new CorosyncException(CsError.TIMEOUT,
					"Joining group '%s' takes longer than %d ms (cpg.join-timeout)".formatted(this.name,
							this.settings.joinTimeout().toMillis()));
			if (!this.settings.failFast()) {
				warn().log("{}; the start goes on without waiting for it", timeout.getMessage());
			}
			throw new CpgJoinException(this.name, timeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CorosyncException(CsError.INTERRUPT,
					"The thread that waited for the join of group '%s' was interrupted".formatted(this.name));
		}
	}

	/**
	 * Begins to end the run, within the leave timeout: leaves if this service is a
	 * member. A join under way is awaited, to be left again: a connection that ends while
	 * the ring re-forms can leave a ghost in the group.
	 * @return what waits until the last event has been published, at most for the rest of
	 * the leave timeout
	 */
	Runnable stop() {
		CpgConnection connection;
		boolean joined;
		synchronized (this) {
			if (!this.stopping) {
				this.stopDeadline = System.nanoTime() + this.settings.leaveTimeout().toNanos();
				this.stopping = true;
			}
			connection = this.connection;
			joined = this.joined;
		}
		wake();
		return () -> {
			if (connection != null) {
				awaitStop(connection, joined);
			}
		};
	}

	/** Returns whether a stop has nothing to wait for any more. */
	boolean isOver() {
		return this.ended.isDone() || (this.stopping && this.stopDeadline - System.nanoTime() <= 0);
	}

	private void awaitStop(CpgConnection connection, boolean joined) {
		GroupListener listener = this.listener;
		boolean calledByListener = this.group.listenerCalls().isTelling();
		if (!(calledByListener ? await(this.left) : await(this.ended))) {
			warnOfLongStop();
			if (!joined) {
				connection.close();
			}
		}
		if (listener != null) {
			listener.mute();
		}
	}

	private void warnOfLongStop() {
		long millis = this.settings.leaveTimeout().toMillis();
		if (this.left.getNow(false)) {
			ListenerCalls.Call call = this.group.listenerCalls().current();
			warn().log(
					"Group '{}' was left, but not all listeners have returned within {} ms (cpg.leave-timeout);"
							+ " they are told nothing any more{}",
					this.name, millis, (call != null) ? ": " + call : "");
		}
		else if (this.warnedOfStop.compareAndSet(false, true)) {
			warn().log("Leaving group '{}' takes longer than {} ms (cpg.leave-timeout); it ends in the background",
					this.name, millis);
		}
	}

	private LogLine warn() {
		return CpgLog.MEMBERSHIP.warn().with("group", this.name);
	}

	private void run() {
		try {
			park(() -> this.stopping || this.previous.isDone());
			while (!this.stopping) {
				keepMember();
			}
		}
		finally {
			end();
		}
	}

	/**
	 * Makes attempts until a stop. Nothing may end this thread before: it is the only one
	 * that makes this service a member again. So it survives what nobody foresees, a lack
	 * of memory above all, and goes on as soon as that is over.
	 */
	private void keepMember() {
		try {
			BackOffExecution pauses = this.settings.reconnect().start();
			while (!this.stopping) {
				if (attempt()) {
					pauses = this.settings.reconnect().start();
				}
				pause(pauses.nextBackOff());
			}
		}
		catch (Throwable ex) {
			log(ex);
			LockSupport.parkNanos(this, RETRY_NANOS);
		}
	}

	private void log(Throwable failure) {
		try {
			this.failures.failed(failure);
		}
		catch (Throwable ex) {
			// It lacks the memory for it.
		}
	}

	private void end() {
		this.done = true;
		this.names.end();
		this.firstAttempt.complete(false);
		this.left.complete(false);
		endIfTold();
	}

	/**
	 * A listener that does not come back must not keep this thread, and with it the JVM;
	 * but its last event is still to come.
	 */
	private synchronized void endIfTold() {
		GroupListener listener = this.listener;
		if (this.done && !this.ended.isDone() && (this.connection == null || listener == null || listener.isClosed())) {
			try {
				this.group.disconnected(null);
			}
			finally {
				this.ended.complete(true);
			}
		}
	}

	private void listenerClosed() {
		wake();
		endIfTold();
	}

	/**
	 * Connects, joins and stays for as long as the connection lasts.
	 * @return whether this service was a member
	 */
	private boolean attempt() {
		Throwable failure = null;
		// Else it is one that an earlier attempt could not end.
		if (this.connection == null) {
			GroupListener listener = new GroupListener(this.events, this.changes, this.names, this::joined,
					this::listenerClosed);
			this.listener = listener;
			try {
				connectAndStay(listener);
			}
			catch (RuntimeException | Error ex) {
				failure = ex;
			}
		}
		CpgConnection connection = this.connection;
		GroupListener listener = this.listener;
		if (connection != null && listener != null) {
			connection.close();
			if (!awaitClosed(listener)) {
				return true;
			}
		}
		return closed(failure);
	}

	private void connectAndStay(GroupListener listener) {
		// Meanwhile: it is a connection of its own, to another service of the daemon.
		FutureTask<CpgNames> names = this.names.begin();
		try (CpgConnection connection = this.connector.connect(listener)) {
			if (opened(connection)) {
				listener.connected(connection, NodeNames.outcome(names));
				connection.join(this.name, joinLimit());
				this.joined = true;
				stay(connection, listener);
			}
		}
		finally {
			NodeNames.outcome(names);
		}
	}

	/** Until the connection has ended and the last event has been told, or a stop. */
	private void stay(CpgConnection connection, GroupListener listener) {
		park(() -> this.stopping || listener.isClosed() || !connection.isOpen() || listener.failure() != null);
		if (listener.failure() != null && !this.stopping) {
			throw new IllegalStateException(
					"A change of the group could not be noted, so the connection is opened anew", listener.failure());
		}
		BooleanSupplier over = () -> this.stopping || listener.isClosed();
		parkUntil(over, System.nanoTime() + BACKLOG_NANOS);
		if (!over.getAsBoolean()) {
			warn().log(
					"The membership in group '{}' has ended with its connection, connecting again when the listeners"
							+ " have been told of what came before, {}: {}",
					this.name, Printable.count(connection.statistics().queuedBytes(), "byte"),
					FailureLog.message(connection.failure()));
			park(over);
		}
		if (!listener.isClosed()) {
			leave(connection);
		}
	}

	/**
	 * Waits until the last event has been told.
	 * @return whether it has; {@code false} if a stop cannot wait for it any longer
	 */
	private boolean awaitClosed(GroupListener listener) {
		park(() -> this.stopping || listener.isClosed());
		parkUntil(listener::isClosed, this.stopDeadline);
		return listener.isClosed();
	}

	/**
	 * The join timeout is how long a start waits. To give up each attempt so soon could
	 * mean never to join while the ring re-forms, and to leave a ghost behind.
	 */
	private Duration joinLimit() {
		Duration timeout = this.settings.joinTimeout();
		return (timeout.compareTo(PATIENCE) > 0) ? timeout : PATIENCE;
	}

	private synchronized boolean opened(CpgConnection connection) {
		this.connection = connection;
		return !this.stopping;
	}

	private synchronized boolean closed(@Nullable Throwable failure) {
		boolean joined = this.joined;
		this.connection = null;
		this.joined = false;
		if (!this.stopping && failure != null) {
			failed(failure);
		}
		else if (!this.stopping) {
			warn().log("The membership in group '{}' has ended with its connection, connecting again: {}", this.name,
					FailureLog.message(this.group.getFailure()));
		}
		return joined;
	}

	private void failed(Throwable failure) {
		this.group.disconnected(failure);
		boolean first = this.firstAttempt.completeExceptionally(failure);
		if (first && this.settings.failFast()) {
			CpgLog.MEMBERSHIP.debug()
				.with("group", this.name)
				.log("Not a member of group '{}': {}", this.name, FailureLog.message(failure));
		}
		else {
			this.failures.failed(failure);
		}
	}

	/**
	 * The start may return, and a stop come, before the join's call has returned to the
	 * other thread: what was joined must be left all the same.
	 */
	private void joined() {
		this.joined = true;
		this.failures.joined();
		if (this.joinedBefore) {
			this.events.observer().reconnected(this.group.getName());
		}
		this.joinedBefore = true;
		this.firstAttempt.complete(true);
	}

	private void leave(CpgConnection connection) {
		try {
			connection.leave(remaining(this.stopDeadline));
			this.left.complete(true);
			CpgLog.MEMBERSHIP.info().with("group", this.name).log("Left group '{}'", this.name);
		}
		catch (CorosyncException ex) {
			if (this.warnedOfStop.compareAndSet(false, true)) {
				warn().log("Group '{}' was not left in order, its members may see PROCDOWN: {}", this.name,
						ex.getMessage());
			}
		}
		finally {
			this.left.complete(false);
		}
	}

	private void pause(long millis) {
		if (millis == BackOffExecution.STOP) {
			park(() -> this.stopping);
			return;
		}
		parkUntil(() -> this.stopping, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
	}

	private void parkUntil(BooleanSupplier condition, long deadline) {
		while (!condition.getAsBoolean() && deadline - System.nanoTime() > 0) {
			LockSupport.parkNanos(this, deadline - System.nanoTime());
		}
	}

	/**
	 * Meanwhile this thread looks after the listeners, when there is something to see.
	 */
	private void park(BooleanSupplier until) {
		while (!until.getAsBoolean()) {
			long pause = look();
			if (pause > 0) {
				LockSupport.parkNanos(this, pause);
			}
			else {
				LockSupport.park(this);
			}
		}
	}

	/** What fails in looking costs a line of the log, not the membership. */
	private long look() {
		try {
			long listeners = this.group.listenerCalls().look();
			long changes = this.changes.look();
			return (listeners > 0 && changes > 0) ? Math.min(listeners, changes) : Math.max(listeners, changes);
		}
		catch (Throwable ex) {
			return RETRY_NANOS;
		}
	}

	private void wake() {
		LockSupport.unpark(this.thread);
	}

	private boolean await(Future<?> future) {
		try {
			future.get(remaining(this.stopDeadline).toNanos(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
	}

	private static Duration remaining(long deadline) {
		return Duration.ofNanos(Math.max(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(1)));
	}

}

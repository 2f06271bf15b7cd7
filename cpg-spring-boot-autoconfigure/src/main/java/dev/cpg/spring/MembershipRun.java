package dev.cpg.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOffExecution;

/**
 * One run of a membership, from its start to its stop. The membership's thread makes one
 * {@linkplain ConnectionAttempt attempt} after the other, with pauses, and sees to the
 * {@link Upkeep} while it waits. {@link MembershipState} lists where a run can be.
 */
final class MembershipRun {

	/**
	 * The pause after what fails outside an attempt, or in ending one: a back-off that
	 * throws, for example. An attempt that fails is repeated after the back-off.
	 */
	private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final MembershipSetup setup;

	private final CpgMembershipSettings settings;

	private final GroupState group;

	private final CompletableFuture<?> previous;

	private final RunState state = new RunState();

	private final FirstAttempt firstAttempt;

	private final FailureLog failures;

	private final LeaveLog leaveLog;

	private final ChangeLog changes;

	private final NodeNames names;

	private final QuorumWatch quorum;

	private final Upkeep upkeep;

	/** Whether the group was left in order, once that is decided. */
	private final CompletableFuture<Boolean> left = new CompletableFuture<>();

	private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

	/** The one that is under way, if one is. */
	private volatile @Nullable ConnectionAttempt attempt;

	private volatile boolean joinedBefore;

	/** Whether a listener waits for the stop, and no event is published before it. */
	private volatile boolean stoppedByListener;

	/**
	 * Creates a run, not yet started; its join timeout begins.
	 * @param setup what it has in common with other runs
	 * @param previous completes when the last event of the runs before has been
	 * published: this run's events come after it
	 */
	MembershipRun(MembershipSetup setup, CompletableFuture<?> previous) {
		this.setup = setup;
		this.settings = setup.settings();
		this.group = setup.events().group();
		this.previous = previous;
		this.firstAttempt = new FirstAttempt(setup.name(), this.settings);
		this.failures = new FailureLog(this.group.getName(), System::nanoTime);
		this.leaveLog = new LeaveLog(this.group.getName(), this.settings);
		this.changes = new ChangeLog(this.group.getName(), System::nanoTime, setup.thread()::wake);
		this.names = new NodeNames(setup.connector(), this.group, setup.thread()::wake);
		this.quorum = new QuorumWatch(setup.quorum(), setup.connector(), setup.thread()::wake);
		this.upkeep = new Upkeep(setup.thread(), setup.watchdog(), this.changes, this.names, this.quorum);
	}

	void start() {
		try {
			this.setup.thread().execute(this::run);
		}
		catch (Throwable ex) {
			// There can be no more threads: nobody is to wait for this run.
			end();
			throw ex;
		}
	}

	/**
	 * Waits until this service is a member or the first attempt has failed, at most until
	 * the join timeout is over.
	 * @throws CorosyncConnectException why there is no connection
	 * @throws CpgJoinException why it is not a member
	 */
	void awaitFirstAttempt() {
		this.firstAttempt.await();
	}

	/**
	 * Requests the end of the run, within the leave timeout: the group is left if this
	 * service is a member.
	 * @return what waits until the last event has been published, at most for the rest of
	 * the leave timeout
	 */
	Runnable stop() {
		if (this.group.listenerCalls().isDispatching()) {
			this.stoppedByListener = true;
		}
		boolean connected = this.state.requestStop(this.settings.leaveTimeout());
		if (!connected) {
			// The thread may still be busy with the run before.
			this.firstAttempt.end();
		}
		ConnectionAttempt attempt = this.attempt;
		this.setup.thread().wake();
		return () -> {
			if (connected && attempt != null) {
				awaitStop(attempt);
			}
		};
	}

	private void awaitStop(ConnectionAttempt attempt) {
		boolean calledByListener = this.group.listenerCalls().isDispatching();
		if (!await(calledByListener ? this.left : this.ended)) {
			if (this.left.getNow(false)) {
				this.leaveLog.listenersTakeTooLong(this.group.listenerCalls().current());
			}
			else {
				this.leaveLog.takesTooLong();
			}
			if (this.state.get() == MembershipState.JOINING) {
				attempt.close();
			}
		}
		attempt.mute();
	}

	/** Waits for a future within the limit of the stop; returns whether it is done. */
	private boolean await(Future<?> future) {
		TimeLimit limit = this.state.stop();
		try {
			future.get((limit != null) ? limit.remaining().toNanos() : 0, TimeUnit.NANOSECONDS);
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

	/** Returns whether a stop has nothing to wait for any more. */
	boolean isOver() {
		TimeLimit stop = this.state.stop();
		return this.ended.isDone() || (stop != null && stop.isOver());
	}

	/**
	 * Returns what completes when the last event of this run, and of those before, has
	 * been published.
	 */
	CompletableFuture<?> ended() {
		return CompletableFuture.allOf(this.previous, this.ended);
	}

	private void run() {
		try {
			this.upkeep.until(() -> this.state.isStopping() || this.previous.isDone());
			while (!this.state.isStopping()) {
				keepMember();
			}
		}
		finally {
			end();
		}
	}

	/**
	 * Makes attempts until a stop. Nothing else may end this: it is all that makes this
	 * service a member again. So it survives what nobody foresees, a lack of memory above
	 * all, and goes on as soon as that is over.
	 */
	private void keepMember() {
		try {
			BackOffExecution pauses = this.settings.reconnect().start();
			while (!this.state.isStopping()) {
				if (attempt()) {
					pauses = this.settings.reconnect().start();
				}
				pause(pauses.nextBackOff());
			}
		}
		catch (Throwable ex) {
			log(ex);
			this.setup.thread().sleep(RETRY_NANOS);
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

	private void pause(long millis) {
		if (millis == BackOffExecution.STOP) {
			this.upkeep.until(this.state::isStopping);
		}
		else {
			this.upkeep.until(this.state::isStopping, TimeLimit.inMillis(millis));
		}
	}

	/**
	 * Makes an attempt, or ends one that could not be ended before.
	 * @return whether this service was a member
	 */
	private boolean attempt() {
		Throwable failure = null;
		if (!this.state.get().isConnected()) {
			this.state.enter(MembershipState.CONNECTING);
			try {
				connectAndStay();
			}
			catch (Throwable ex) {
				// A connector of the application's own may throw any exception.
				failure = ex;
			}
		}
		ConnectionAttempt attempt = this.attempt;
		if (attempt != null && this.state.get().isConnected()) {
			close(attempt);
			if (!attempt.awaitClosed()) {
				return true;
			}
		}
		boolean joined = attempt != null && attempt.hasJoined();
		this.attempt = null;
		this.state.enter(MembershipState.PAUSED);
		if (!this.state.isStopping()) {
			attemptEnded(failure);
		}
		return joined;
	}

	private void connectAndStay() {
		GroupListener listener = new GroupListener(this.setup.events(), this.changes, this.names, this::joined,
				this::listenerChanged);
		ConnectionAttempt attempt = new ConnectionAttempt(this.setup, this.state, this.upkeep, this.names, this.quorum,
				listener);
		this.attempt = attempt;
		attempt.connectAndStay();
		TimeLimit stop = this.state.stop();
		if (stop != null && attempt.hasJoined() && !attempt.isClosed()) {
			leave(attempt, stop);
		}
	}

	private void leave(ConnectionAttempt attempt, TimeLimit limit) {
		this.state.enter(MembershipState.LEAVING);
		try {
			attempt.leave(limit, !this.stoppedByListener);
			this.left.complete(true);
			this.leaveLog.left();
		}
		catch (CorosyncException ex) {
			this.leaveLog.notLeft(ex);
		}
		finally {
			this.left.complete(false);
		}
	}

	private void close(ConnectionAttempt attempt) {
		if (this.state.get() != MembershipState.CLOSING) {
			this.state.enter(MembershipState.CLOSING);
		}
		attempt.close();
	}

	/** An attempt has ended by itself. */
	private void attemptEnded(@Nullable Throwable failure) {
		if (failure == null) {
			CpgLog.MEMBERSHIP.warn()
				.with("group", this.group.getName())
				.log("The membership in group '{}' has ended with its connection, connecting again: {}",
						this.group.getName(), FailureLog.message(this.group.getFailure()));
			return;
		}
		this.group.disconnected(failure);
		boolean first = this.firstAttempt.failed(failure);
		if (first && this.settings.failFast()) {
			CpgLog.MEMBERSHIP.debug()
				.with("group", this.group.getName())
				.log("Not a member of group '{}': {}", this.group.getName(), FailureLog.message(failure));
		}
		else {
			this.failures.failed(failure);
		}
	}

	/** This service is a member; called by the delivery thread. */
	private void joined() {
		ConnectionAttempt attempt = this.attempt;
		if (attempt != null) {
			attempt.joined();
		}
		this.failures.joined();
		if (this.joinedBefore) {
			this.setup.events().observer().reconnected(this.group.getName());
		}
		this.joinedBefore = true;
		this.firstAttempt.joined();
	}

	/**
	 * The connection's last event has been published, or a change could not be noted;
	 * called by the delivery thread.
	 */
	private void listenerChanged() {
		this.setup.thread().wake();
		endIfClosed();
	}

	/**
	 * Ends the run, whatever state it is in. It never throws: a stop and the next run
	 * wait for the end.
	 */
	private void end() {
		this.firstAttempt.end();
		this.left.complete(false);
		if (this.state.get().isConnected()) {
			closeAtEnd();
			this.state.enter(MembershipState.LINGERING);
			endIfClosed();
		}
		else {
			this.state.enter(MembershipState.CONNECTING, MembershipState.PAUSED);
			this.state.enter(MembershipState.ENDED);
			notifyOfEnd();
		}
	}

	private void closeAtEnd() {
		try {
			ConnectionAttempt attempt = this.attempt;
			if (attempt != null) {
				close(attempt);
			}
		}
		catch (Throwable ex) {
			logAtEnd(ex);
		}
	}

	/** The membership's thread or the listener, whichever is last, ends the run. */
	private void endIfClosed() {
		ConnectionAttempt attempt = this.attempt;
		if ((attempt == null || attempt.isClosed())
				&& this.state.enter(MembershipState.LINGERING, MembershipState.ENDED)) {
			notifyOfEnd();
		}
	}

	private void notifyOfEnd() {
		try {
			this.group.disconnected(null);
		}
		catch (Throwable ex) {
			logAtEnd(ex);
		}
		this.ended.complete(true);
		// The next run may wait for this.
		this.setup.thread().wake();
	}

	private void logAtEnd(Throwable failure) {
		try {
			CpgLog.MEMBERSHIP.warn()
				.with("group", this.group.getName())
				.cause(failure)
				.log("Ending the membership in group '{}' has failed in part: {}", this.group.getName(), failure);
		}
		catch (Throwable ex) {
			// It lacks the memory for it.
		}
	}

}

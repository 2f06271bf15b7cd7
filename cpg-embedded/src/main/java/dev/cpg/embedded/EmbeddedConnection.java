package dev.cpg.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgDeliveryStatistics;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.embedded.Session.State;
import org.jspecify.annotations.Nullable;

/**
 * What the application holds. Each call has the engine change the state, and waits for
 * what comes of it.
 */
final class EmbeddedConnection implements CpgConnection {

	private final Engine engine;

	private final Daemon daemon;

	private final Session session;

	private final ListenerQueue listener;

	private final ConnectionSettings settings;

	EmbeddedConnection(Engine engine, Daemon daemon, Session session, ConnectionSettings settings) {
		this.engine = engine;
		this.daemon = daemon;
		this.session = session;
		this.listener = session.listener();
		this.settings = settings;
	}

	@Override
	public void join(CpgGroupName group, Duration timeout) {
		requireOtherThread("join");
		requireOpen("join");
		CompletableFuture<@Nullable Void> reply = startJoin(group);
		if (!await(reply, timeout)) {
			throw end(new CorosyncException(CsError.TIMEOUT,
					"The join of %s was not agreed within %d ms; the connection was closed".formatted(group,
							timeout.toMillis())));
		}
	}

	/** Asks to join, and does not wait. */
	CompletableFuture<@Nullable Void> startJoin(CpgGroupName group) {
		CompletableFuture<@Nullable Void> reply = new CompletableFuture<>();
		this.engine.execute(() -> this.session.join(group, reply));
		return reply;
	}

	@Override
	public void leave(Duration timeout) {
		requireOtherThread("leave");
		requireOpen("leave");
		if (!await(startLeave(), timeout)) {
			throw new CorosyncException(CsError.TIMEOUT,
					"The leave was not agreed within %d ms".formatted(timeout.toMillis()));
		}
	}

	/** Asks to leave, and does not wait. */
	CompletableFuture<@Nullable Void> startLeave() {
		CompletableFuture<@Nullable Void> reply = new CompletableFuture<>();
		this.engine.execute(() -> this.session.leave(reply));
		return reply;
	}

	private void requireOtherThread(String what) {
		if (this.listener.isCalling()) {
			throw new CorosyncException(CsError.BAD_OPERATION, "A listener cannot " + what
					+ ": it would wait for an event that comes after the one that it is called for");
		}
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		requireMember();
		requireSize(message.length, limits().maxMessageSize());
		long deadline = deadline(timeout);
		Multicast multicast = this.session.newMulticast(message, deadline);
		if (!this.session.takesMulticasts()) {
			awaitRoom(deadline);
		}
		requireMember();
		this.session.submit(multicast);
		if (multicast.isLarge() && !awaitSending(() -> isSent(multicast), deadline)) {
			withdraw(multicast);
		}
		return multicast.future();
	}

	/** Sends a message without waiting until the daemon has taken all its fragments. */
	Multicast startMulticast(byte[] message, Duration timeout) {
		Multicast multicast = this.session.newMulticast(message, deadline(timeout));
		this.session.submit(multicast);
		return multicast;
	}

	@Override
	public @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		requireMember();
		requireSize(message.length, limits().maxAtomicMessageSize());
		if (!this.session.takesMulticasts()) {
			return null;
		}
		return startMulticast(message, timeout).future();
	}

	private void awaitRoom(long deadline) {
		this.session.underWay().beginToWait();
		try {
			if (!awaitSending(() -> this.session.hasRoom() || !this.session.state().isMember(), deadline)) {
				throw notTaken();
			}
		}
		finally {
			this.session.underWay().waited();
		}
	}

	private static boolean isSent(Multicast multicast) {
		return multicast.isTaken() || multicast.future().isDone();
	}

	/** Gives up a message of which the daemon has not taken the last fragment. */
	private void withdraw(Multicast multicast) {
		CompletableFuture<Boolean> taken = new CompletableFuture<>();
		this.engine.execute(() -> {
			this.session.withdraw(multicast);
			taken.complete(multicast.isTaken());
		});
		this.engine.await(taken::isDone, Timers.NEVER);
		if (!taken.getNow(true)) {
			throw notTaken();
		}
	}

	private boolean awaitSending(BooleanSupplier condition, long deadline) {
		try {
			return this.engine.awaitInterruptibly(condition, deadline);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CorosyncException(CsError.INTERRUPT,
					"The message was not sent, as its thread was interrupted while it waited");
		}
	}

	private static CorosyncException notTaken() {
		return new CorosyncException(CsError.TRY_AGAIN,
				"The message was not sent, as the daemon took no messages within the time limit");
	}

	private void requireOpen(String what) {
		if (!isOpen()) {
			throw this.session.ended(what);
		}
	}

	private void requireMember() {
		requireOpen("multicast");
		if (!this.session.state().isMember()) {
			throw new CorosyncException(CsError.NOT_EXIST,
					"Cannot multicast: this connection is not a member of a group");
		}
	}

	private void requireSize(int size, int limit) {
		if (size > limit) {
			throw new CorosyncException(CsError.TOO_BIG,
					"A message of %d bytes is larger than the limit of %d bytes (%s)".formatted(size, limit,
							this.settings.nameOf(CorosyncSetting.MAX_MESSAGE_SIZE)),
					CorosyncSetting.MAX_MESSAGE_SIZE, null);
		}
	}

	@Override
	public CpgFlowControl flowControl() {
		return this.daemon.flowControl();
	}

	@Override
	public Map<CpgGroupName, List<CpgAddress>> groups() {
		requireOpen("list the groups");
		CompletableFuture<Map<CpgGroupName, List<CpgAddress>>> reply = new CompletableFuture<>();
		this.engine.execute(() -> this.session.listGroups(reply));
		if (!await(reply, this.settings.requestTimeout())) {
			throw end(new CorosyncException(CsError.TIMEOUT,
					"The daemon did not list the groups in time; the connection was closed"));
		}
		return Map.copyOf(reply.join());
	}

	@Override
	public CpgView view() {
		State state = this.session.state();
		return (state == State.JOINED || state == State.LEAVING) ? this.listener.view() : CpgView.NONE;
	}

	@Override
	public boolean isCurrent(long changes) {
		return this.session.isCurrent(changes);
	}

	@Override
	public void post(Runnable call) {
		this.session.post(call);
	}

	@Override
	public CpgAddress localAddress() {
		return this.session.address();
	}

	@Override
	public CpgLimits limits() {
		return this.settings.limits();
	}

	@Override
	public CpgDeliveryStatistics statistics() {
		Reassembler reassembler = this.session.reassembler();
		return new CpgDeliveryStatistics(this.listener.bytes(), this.listener.lag(), reassembler.dropped(),
				reassembler.bytes());
	}

	@Override
	public boolean isOpen() {
		return this.session.state() != State.ENDED;
	}

	@Override
	public @Nullable CorosyncException failure() {
		return this.session.failure();
	}

	@Override
	public void close() {
		endSession(null);
	}

	private CorosyncException end(CorosyncException cause) {
		endSession(cause);
		return cause;
	}

	private void endSession(@Nullable CorosyncException cause) {
		this.engine.execute(() -> this.session.end(cause));
		if (!this.listener.isCalling()) {
			this.engine.await(() -> !isOpen(), Timers.NEVER);
		}
	}

	private boolean await(CompletableFuture<?> reply, Duration timeout) {
		if (!this.engine.await(reply::isDone, deadline(timeout))) {
			return false;
		}
		try {
			reply.join();
			return true;
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof CorosyncException cause) {
				throw cause;
			}
			throw ex;
		}
	}

	private long deadline(Duration timeout) {
		long now = this.engine.nanoTime();
		long nanos = (timeout.compareTo(Duration.ofDays(1000)) > 0) ? Duration.ofDays(1000).toNanos()
				: timeout.toNanos();
		return now + nanos;
	}

	@Override
	public String toString() {
		return "embedded CPG connection " + localAddress();
	}

}

package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgDeliveryStatistics;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.CpgSession;
import dev.cpg.client.internal.cpg.delivery.Receiver;
import dev.cpg.client.internal.cpg.membership.MemberIdTakenException;
import org.jspecify.annotations.Nullable;

/**
 * What the application holds: one session with the daemon after another, as corosync
 * allows only one join in each. A session that was replaced does not notify the listener
 * of its end.
 */
final class CorosyncConnection implements CpgConnection {

	private static final String MULTICAST = "multicast";

	private final SessionOpener sessions;

	private final MemberIds memberIds;

	private final Receiver receiver;

	/** Held while a session is replaced, and by nobody else for long. */
	private final ReentrantLock replacing = new ReentrantLock();

	private volatile CpgSession session;

	private volatile boolean closed;

	/**
	 * Opens one.
	 * @param limit how long that may take
	 */
	CorosyncConnection(SessionOpener sessions, MemberIds memberIds, Receiver receiver, Duration limit) {
		this.sessions = sessions;
		this.memberIds = memberIds;
		this.receiver = receiver;
		this.session = sessions.open(receiver, memberIds.first(), limit);
	}

	@Override
	public void join(CpgGroupName group, Duration timeout) {
		Deadline deadline = Deadline.in(timeout);
		CpgSession session = this.session;
		if (session.isSpent()) {
			replace(session, session.localAddress().pid(), deadline);
		}
		while (true) {
			session = this.session;
			try {
				session.join(group, remaining(deadline));
				return;
			}
			catch (InternalError ex) {
				throw session.connection().faulted("join", ex);
			}
			catch (MemberIdTakenException ex) {
				if (!this.memberIds.mayDiffer() || deadline.isNear()) {
					throw ex;
				}
				replace(session,
						this.memberIds.next(session.localAddress(), session.queries().membership(group, deadline)),
						deadline);
			}
		}
	}

	private static Duration remaining(Deadline deadline) {
		return Duration.ofNanos(Math.max(0, deadline.remainingNanos()));
	}

	private void replace(CpgSession former, long memberId, Deadline deadline) {
		// Before the lock: who holds it may wait for this listener.
		former.requireOtherThread("join");
		if (!deadline.lock(this.replacing)) {
			throw new CorosyncException(CsError.TIMEOUT, "Another thread joins at the same time, and takes too long");
		}
		try {
			if (this.closed || this.session != former) {
				return;
			}
			former.retire();
			if (!former.awaitDelivered(deadline)) {
				throw notRetired(former);
			}
			this.session = openSession(memberId);
			if (this.closed) {
				this.session.close();
			}
		}
		finally {
			this.replacing.unlock();
		}
	}

	/**
	 * After a leave the listener is still busy with it, and another join may succeed.
	 * Otherwise there is nothing that it could be busy with, and this was the end.
	 */
	private CorosyncException notRetired(CpgSession former) {
		if (former.isSpent()) {
			return new CorosyncException(CsError.TIMEOUT, "The listener was not done with the leave in time");
		}
		CorosyncException end = new CorosyncException(CsError.TIMEOUT,
				"The connection could not be opened anew, for another member id, in time: the former one was not done");
		closed(end);
		return end;
	}

	/** Without another session nobody else notifies the listener of the end. */
	private CpgSession openSession(long memberId) {
		try {
			return this.sessions.open(this.receiver, memberId, this.sessions.settings().requestTimeout());
		}
		catch (CorosyncException ex) {
			closed(ex);
			throw ex;
		}
	}

	private void closed(CorosyncException cause) {
		CpgInterceptor interceptor = this.receiver.interceptor();
		if (interceptor != null) {
			interceptor.closed(cause);
		}
		this.receiver.listener().closed(cause);
	}

	@Override
	public void leave(Duration timeout) {
		call("leave", (session) -> {
			session.leave(timeout);
			return null;
		});
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		CpgSession session = this.session;
		try {
			return session.multicaster().multicast(message, timeout);
		}
		catch (InternalError ex) {
			throw session.connection().faulted(MULTICAST, ex);
		}
	}

	@Override
	public CompletableFuture<CpgView> multicast(int length, CpgMessageWriter writer) {
		CpgSession session = this.session;
		try {
			return session.multicaster().multicast(length, writer);
		}
		catch (InternalError ex) {
			throw session.connection().faulted(MULTICAST, ex);
		}
	}

	@Override
	public @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		CpgSession session = this.session;
		try {
			return session.multicaster().tryMulticast(message, timeout);
		}
		catch (InternalError ex) {
			throw session.connection().faulted(MULTICAST, ex);
		}
	}

	@Override
	public CpgFlowControl flowControl() {
		return call("read the flow control state", CpgSession::flowControl);
	}

	@Override
	public List<CpgAddress> membership(CpgGroupName group) {
		return call("read the members", (session) -> session.queries().membership(group));
	}

	@Override
	public Map<CpgGroupName, List<CpgAddress>> groups() {
		return call("read the groups", (session) -> session.queries().groups());
	}

	/**
	 * Calls the session. The JVM reports a mapping whose file was cut as an error of
	 * whatever touches it. Sends do the same by themselves, without an object for each.
	 */
	private <T extends @Nullable Object> T call(String what, Function<CpgSession, T> call) {
		CpgSession session = this.session;
		try {
			return call.apply(session);
		}
		catch (InternalError ex) {
			throw session.connection().faulted(what, ex);
		}
	}

	@Override
	public CpgView view() {
		return this.session.view();
	}

	@Override
	public boolean isCurrent(long changes) {
		return isOpen() && this.receiver.freshness().isCurrent(changes);
	}

	@Override
	public void post(Runnable call) {
		this.session.post(call);
	}

	@Override
	public CpgAddress localAddress() {
		return this.session.localAddress();
	}

	@Override
	public CpgLimits limits() {
		return this.session.multicaster().limits();
	}

	@Override
	public CpgDeliveryStatistics statistics() {
		return this.session.statistics();
	}

	@Override
	public CpgBatchStatistics batchStatistics() {
		return this.session.batchStatistics();
	}

	@Override
	public boolean isOpen() {
		return !this.session.connection().isEnded();
	}

	@Override
	public @Nullable CorosyncException failure() {
		return this.session.connection().endCause();
	}

	@Override
	public void close() {
		this.closed = true;
		this.session.close();
	}

	@Override
	public String toString() {
		return "CPG connection " + localAddress();
	}

}

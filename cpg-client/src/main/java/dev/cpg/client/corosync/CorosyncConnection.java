package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessageWriter;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.CpgSession;
import dev.cpg.client.internal.cpg.MemberIdTakenException;
import org.jspecify.annotations.Nullable;

/**
 * What the application holds: one session with the daemon after another, as corosync
 * allows only one join in each. A session that was replaced tells the listener nothing of
 * its end.
 */
final class CorosyncConnection implements CpgConnection {

	private final CorosyncConnector connector;

	private final CpgListener listener;

	/** Held while a session is replaced, and by nobody else for long. */
	private final ReentrantLock replacing = new ReentrantLock();

	private volatile CpgSession session;

	private volatile boolean closed;

	/**
	 * Opens one.
	 * @param limit how long that may take
	 */
	CorosyncConnection(CorosyncConnector connector, CpgListener listener, Duration limit) {
		this.connector = connector;
		this.listener = listener;
		this.session = connector.openSession(listener, connector.memberIds().first(), limit);
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
				throw session.link().faulted("join", ex);
			}
			catch (MemberIdTakenException ex) {
				MemberIds ids = this.connector.memberIds();
				if (!ids.mayDiffer() || deadline.isNear()) {
					throw ex;
				}
				replace(session, ids.next(session.localAddress(), session.queries().membership(group, deadline)),
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
			if (!former.awaitTold(deadline)) {
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
		this.listener.closed(end);
		return end;
	}

	/** Without another session nobody else notifies the listener of the end. */
	private CpgSession openSession(long memberId) {
		try {
			return this.connector.openSession(this.listener, memberId, this.connector.settings().requestTimeout());
		}
		catch (CorosyncException ex) {
			this.listener.closed(ex);
			throw ex;
		}
	}

	@Override
	public void leave(Duration timeout) {
		CpgSession session = this.session;
		try {
			session.leave(timeout);
		}
		catch (InternalError ex) {
			throw session.link().faulted("leave", ex);
		}
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message) {
		CpgSession session = this.session;
		try {
			return session.multicaster().multicast(message);
		}
		catch (InternalError ex) {
			throw session.link().faulted("multicast", ex);
		}
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		CpgSession session = this.session;
		try {
			return session.multicaster().multicast(message, timeout);
		}
		catch (InternalError ex) {
			throw session.link().faulted("multicast", ex);
		}
	}

	@Override
	public CompletableFuture<CpgView> multicast(ByteBuffer... parts) {
		CpgSession session = this.session;
		try {
			return session.multicaster().multicast(parts);
		}
		catch (InternalError ex) {
			throw session.link().faulted("multicast", ex);
		}
	}

	@Override
	public CompletableFuture<CpgView> multicast(int length, CpgMessageWriter writer) {
		CpgSession session = this.session;
		try {
			return session.multicaster().multicast(length, writer);
		}
		catch (InternalError ex) {
			throw session.link().faulted("multicast", ex);
		}
	}

	@Override
	public @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message) {
		CpgSession session = this.session;
		try {
			return session.multicaster().tryMulticast(message);
		}
		catch (InternalError ex) {
			throw session.link().faulted("multicast", ex);
		}
	}

	@Override
	public @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		CpgSession session = this.session;
		try {
			return session.multicaster().tryMulticast(message, timeout);
		}
		catch (InternalError ex) {
			throw session.link().faulted("multicast", ex);
		}
	}

	@Override
	public CpgFlowControl flowControl() {
		CpgSession session = this.session;
		try {
			return session.flowControl();
		}
		catch (InternalError ex) {
			throw session.link().faulted("read the flow control state", ex);
		}
	}

	@Override
	public List<CpgAddress> membership(CpgGroupName group) {
		CpgSession session = this.session;
		try {
			return session.queries().membership(group);
		}
		catch (InternalError ex) {
			throw session.link().faulted("read the members", ex);
		}
	}

	@Override
	public Map<CpgGroupName, List<CpgAddress>> groups() {
		CpgSession session = this.session;
		try {
			return session.queries().groups();
		}
		catch (InternalError ex) {
			throw session.link().faulted("read the groups", ex);
		}
	}

	@Override
	public CpgView view() {
		return this.session.view();
	}

	@Override
	public long localNodeId() {
		return localAddress().nodeId();
	}

	@Override
	public CpgAddress localAddress() {
		return this.session.localAddress();
	}

	@Override
	public int maxMessageSize() {
		return this.connector.settings().maxMessageSize();
	}

	@Override
	public int maxAtomicMessageSize() {
		return this.session.multicaster().atomicSize();
	}

	@Override
	public long deliveryQueueBytes() {
		return this.session.deliveryQueueBytes();
	}

	@Override
	public Duration deliveryLag() {
		return this.session.deliveryLag();
	}

	@Override
	public long droppedMessages() {
		return this.session.droppedMessages();
	}

	@Override
	public long reassemblyBytes() {
		return this.session.reassemblyBytes();
	}

	@Override
	public boolean isOpen() {
		return !this.session.link().isEnded();
	}

	@Override
	public @Nullable CorosyncException failure() {
		return this.session.link().endCause();
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

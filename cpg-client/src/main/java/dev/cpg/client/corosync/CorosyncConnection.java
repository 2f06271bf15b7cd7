package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;

/**
 * A connection to corosync's CPG service, with five threads of its own:
 * <ul>
 * <li>{@code reader} opens the transport and gives it back.</li>
 * <li>{@code events} reads its events; it decodes and hands over, and runs no user
 * code.</li>
 * <li>{@code delivery} tells the listener.</li>
 * <li>{@code outcomes} completes the futures of sends, and so runs what depends on
 * them.</li>
 * <li>{@code timer} does what must happen at a time; see {@link Timer}.</li>
 * </ul>
 * Each blocks while there is nothing to do. All of them end with the connection, in this
 * order: reader, then the others when they have told what is left to tell.
 */
final class CorosyncConnection implements CpgConnection {

	private static final long RELEASE_SECONDS = 5;

	private final CorosyncConnector connector;

	private final Link link;

	private final CpgAddress localAddress;

	private final Membership membership = new Membership();

	private final ContentHash contentHash = new ContentHash();

	private final HandOff<Object> deliveries;

	private final HandOff<SendFuture> outcomes = new HandOff<>(Long.MAX_VALUE, (send) -> 0);

	private final PendingSends pending = new PendingSends(this.outcomes::put);

	private final Delivery delivery;

	private final Timer timer;

	private final CountDownLatch released = new CountDownLatch(1);

	private volatile Thread deliveryThread = Thread.currentThread();

	CorosyncConnection(CorosyncConnector connector, Link link, Timer timer, long localNodeId, CpgListener listener) {
		this.connector = connector;
		this.link = link;
		this.timer = timer;
		this.localAddress = new CpgAddress(localNodeId, connector.memberId());
		this.deliveries = new HandOff<>(connector.deliveryQueueCapacity(), Delivery::weigh);
		this.delivery = new Delivery(listener, this.localAddress, this.membership);
		timer.work(new TimerWork());
	}

	/**
	 * Starts the other threads and waits for the end of the link, to see to what is left.
	 */
	void run() {
		this.deliveryThread = this.connector.startThread("delivery",
				() -> this.deliveries.consume(this.delivery::tell));
		this.connector.startThread("outcomes", () -> this.outcomes.consume(SendFuture::tell));
		this.connector.startThread("timer", this.timer);
		readEvents();
		this.link.release();
		this.timer.stop();
		this.released.countDown();
		CpgException cause = this.link.endCause();
		String why = (cause != null) ? "the connection ended" : "the connection was closed";
		this.pending.allUnknown(why, cause);
		this.outcomes.end();
		this.membership
			.ended((cause != null) ? cause : new CpgException(CsError.BAD_HANDLE, "The connection was closed"));
		this.deliveries.put(new Delivery.Closed(cause));
		this.deliveries.end();
	}

	/**
	 * A thread that touched a truncated file is told so "at some later time": that must
	 * not be while the connection's end is seen to, so another thread reads.
	 */
	private void readEvents() {
		EventReader reader = new EventReader(this.localAddress, this.membership, this.pending, this.contentHash,
				this.deliveries);
		Thread thread = this.connector.startThread("events", () -> reader.run(this.link));
		while (thread.isAlive()) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				// Nobody has a reason to.
			}
		}
		this.link.end(new CpgException(CsError.LIBRARY, "The connection to corosync was lost in reading events"));
	}

	/** Nobody waits for it any more. For the reader thread, instead of {@link #run}. */
	void abandon() {
		this.link.end(null);
		this.link.release();
	}

	@Override
	public void join(CpgGroupName group, Duration timeout) {
		requireOtherThread("join");
		Deadline deadline = Deadline.in(timeout);
		this.membership.joining(group);
		int pid = (int) this.localAddress.pid();
		try {
			this.link.request("join the group " + group, CpgProtocol.JOIN_LENGTH,
					(frame) -> CpgProtocol.writeJoin(frame, group, pid), CpgProtocol.JOIN, (frame) -> true, deadline);
		}
		catch (CpgException ex) {
			this.membership.notJoining();
			throw (ex.error() == CsError.EXIST) ? new CpgException(CsError.EXIST,
					("Corosync has a member %s of the group %s already; give each member on a node a member id of its"
							+ " own (cpg.member-id), as two containers may have the same process id")
						.formatted(this.localAddress, group),
					ex) : ex;
		}
		if (!this.membership.awaitJoined(deadline)) {
			throw this.link.end(new CpgException(CsError.TIMEOUT,
					("The join of %s was not agreed within %s, as the ring re-forms or corosync is stopped; the"
							+ " connection was closed")
						.formatted(group, timeout)));
		}
	}

	@Override
	public void leave(Duration timeout) {
		requireOtherThread("leave");
		Deadline deadline = Deadline.in(timeout);
		CpgGroupName group = this.membership.leaving();
		int pid = (int) this.localAddress.pid();
		this.link.request("leave the group " + group, CpgProtocol.NAME_AND_PID_LENGTH,
				(frame) -> CpgProtocol.writeLeave(frame, group, pid), CpgProtocol.LEAVE, (frame) -> true, deadline);
		if (!this.membership.awaitLeft(deadline)) {
			throw new CpgException(CsError.TIMEOUT,
					"The leave of %s was not agreed within %s".formatted(group, timeout));
		}
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message) {
		if (message.length > maxMessageSize()) {
			throw new CpgException(CsError.TOO_BIG, "A message of %d bytes is larger than the limit of %d bytes"
				.formatted(message.length, maxMessageSize()));
		}
		Deadline deadline = Deadline.in(this.connector.sendTimeout());
		SendFuture future = new SendFuture(message.length, this.contentHash.of(message), deadline.nanoTime());
		this.link.multicast(message, future, this.pending, this.membership, deadline);
		this.timer.expireLater();
		return future;
	}

	@Override
	public List<CpgAddress> membership(CpgGroupName group) {
		return this.link
			.request("tell the members of the group " + group, CpgProtocol.MEMBERSHIP_LENGTH,
					(frame) -> CpgProtocol.writeMembership(frame, group), CpgProtocol.MEMBERSHIP,
					CpgProtocol::readMembership, Deadline.in(this.connector.requestTimeout()))
			.stream()
			.sorted()
			.toList();
	}

	@Override
	public CpgView view() {
		return this.delivery.view();
	}

	@Override
	public long localNodeId() {
		return this.localAddress.nodeId();
	}

	@Override
	public CpgAddress localAddress() {
		return this.localAddress;
	}

	@Override
	public int maxMessageSize() {
		return this.link.maxFrameSize() - CpgProtocol.RESERVED;
	}

	@Override
	public long deliveryQueueBytes() {
		return this.deliveries.weight();
	}

	@Override
	public boolean isOpen() {
		return !this.link.isEnded();
	}

	@Override
	public void close() {
		this.link.end(null);
		this.deliveries.removeBound();
		if (Thread.currentThread() != this.deliveryThread) {
			awaitReleased();
		}
	}

	/** An interrupt does not cut it short: what is given back must not be in use. */
	private void awaitReleased() {
		boolean interrupted = Thread.interrupted();
		try {
			this.released.await(RELEASE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void requireOtherThread(String what) {
		if (Thread.currentThread() == this.deliveryThread) {
			throw new CpgException(CsError.BAD_OPERATION, "A listener cannot " + what
					+ ": it would wait for an event that comes after the one it was called for");
		}
	}

	@Override
	public String toString() {
		return "CPG connection " + this.localAddress + " in " + this.membership.group();
	}

	private final class TimerWork implements Timer.Work {

		@Override
		public boolean announce() {
			return CorosyncConnection.this.link.tryAnnounce();
		}

		@Override
		public boolean hasUnannounced() {
			return CorosyncConnection.this.link.hasUnannounced();
		}

		@Override
		public long expire(long now) {
			return CorosyncConnection.this.pending.expire(now);
		}

		@Override
		public void lost(InternalError fault) {
			CorosyncConnection.this.link.end(Link.lost("announce", fault));
		}

	}

}

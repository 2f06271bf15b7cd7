package dev.cpg.client.internal.cpg;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * Brings the daemon's events to the listener. It has two threads: the delivery thread,
 * which calls the listener, and the reader, which never does. Whichever has the
 * {@link ReadOwnership} reads: the delivery thread dispatches what it has read at once,
 * the reader puts it in the queue, out of which the delivery thread dispatches it.
 */
final class EventPump {

	/** So that a long burst does not keep others waiting for its end. */
	private static final int MAX_UNFLUSHED = 64;

	private final IpcConnection connection;

	private final MembershipState membership;

	private final EventDecoder decoder;

	private final ListenerDispatcher dispatcher;

	private final OutcomeDispatcher outcomes;

	private final DeliveryQueue<Delivery> queue;

	private final ReadOwnership ownership;

	private final ReadCoalescing coalescing = new ReadCoalescing();

	private final Direct direct;

	private final Queued queued;

	/** Events since others were last notified of what they wait for. */
	private int unflushed;

	/** Made while there is memory for it. */
	private final CorosyncException lost = new CorosyncException(CsError.LIBRARY,
			"The connection to corosync was lost in reading events");

	private volatile Thread deliveryThread = Thread.currentThread();

	private final CountDownLatch delivered = new CountDownLatch(1);

	EventPump(IpcConnection connection, MembershipState membership, EventDecoder decoder, ListenerDispatcher dispatcher,
			OutcomeDispatcher outcomes, SessionSettings settings) {
		this.connection = connection;
		this.membership = membership;
		this.decoder = decoder;
		this.dispatcher = dispatcher;
		this.outcomes = outcomes;
		this.queue = new DeliveryQueue<>(settings.deliveryQueueCapacity(), Delivery::weight);
		this.ownership = new ReadOwnership(connection.waitsUninterruptibly());
		this.direct = new Direct(!dispatcher.keepsMessages());
		this.queued = new Queued(new OverflowPolicy(settings, this.queue, connection, membership));
	}

	/**
	 * Reads while the delivery thread cannot, until nobody reads any more. For the
	 * reader.
	 */
	void read() {
		boolean open = true;
		while (open) {
			try {
				open = this.ownership.awaitReaders();
				if (open) {
					readIntoQueue();
				}
			}
			catch (Throwable ex) {
				// The report of a faulty access may come after the release.
				fail(ex, this.ownership::closeByReader);
			}
		}
	}

	/**
	 * Dispatches what is in the queue, and reads while it is empty, until the listener
	 * was notified of the end. For the delivery thread.
	 */
	void deliver() {
		this.deliveryThread = Thread.currentThread();
		boolean open = true;
		while (open) {
			try {
				// What was read before a failure comes before what is in the queue.
				dispatchDecoded();
				open = this.queue.consume(this::dispatchQueued, this.ownership::isDeliveryThreads);
				if (open) {
					readAndDispatch();
				}
			}
			catch (Throwable ex) {
				fail(ex, this.ownership::closeByDelivery);
			}
		}
		this.dispatcher.end(this.lost);
		this.delivered.countDown();
	}

	/**
	 * Returns when the delivery thread waits for the queue, and so can read itself, or
	 * when the connection has ended.
	 */
	private void readIntoQueue() throws IOException {
		// What the delivery thread left when it was held up.
		flushOutcomes();
		while (awaitEvents()) {
			while (this.connection.take(this.queued)) {
				if (this.unflushed > MAX_UNFLUSHED) {
					this.queue.flush();
					flush();
				}
			}
			this.decoder.releaseDue(this.queued);
			if (releaseToDelivery()) {
				return;
			}
			this.coalescing.rest();
		}
	}

	/**
	 * Hands over what was read, and the ownership with it if the delivery thread waits:
	 * before that goes on, as it has to know who owns the reading when it calls the
	 * listener, and after all else, as nothing here is to be touched then.
	 * @return whether it did
	 */
	private boolean releaseToDelivery() {
		if (this.connection.waitsUninterruptibly()) {
			flush();
			return this.queue.flush(this.ownership::releaseToDelivery);
		}
		this.queue.flush();
		flush();
		return false;
	}

	/**
	 * Returns when the reader owns the reading, which took it over or which it was
	 * released to, or when the connection has ended.
	 */
	private void readAndDispatch() throws IOException {
		while (awaitEvents()) {
			while (this.connection.take(this.direct)) {
				if (!dispatchDecoded()) {
					return;
				}
				this.decoder.recycle();
				if (System.nanoTime() - this.coalescing.burstSince() > ReadOwnership.MAX_BURST_NANOS) {
					this.ownership.releaseToReader();
					return;
				}
				if (this.unflushed > MAX_UNFLUSHED) {
					flush();
				}
			}
			this.decoder.releaseDue(this.direct);
			if (!dispatchDecoded()) {
				return;
			}
			this.queue.directEnd();
			flush();
			this.coalescing.rest();
		}
	}

	/**
	 * Dispatches what the delivery thread has decoded. If the reader takes over
	 * meanwhile, nothing else here is to be touched.
	 * @return whether the delivery thread still owns the reading
	 */
	private boolean dispatchDecoded() {
		boolean owns = true;
		for (Delivery delivery = this.direct.poll(); delivery != null; delivery = this.direct.poll()) {
			owns = dispatch(delivery);
		}
		return owns;
	}

	/**
	 * The delivery thread may own the reading again while it still has something to
	 * dispatch, which must not take it too long either.
	 */
	private void dispatchQueued(Delivery delivery) {
		if (dispatch(delivery) && this.queue.lagNanos() > ReadOwnership.MAX_BURST_NANOS) {
			this.ownership.releaseToReader();
		}
	}

	/** Returns whether the delivery thread owns the reading, before and after. */
	private boolean dispatch(Delivery delivery) {
		long call = this.ownership.enterListener();
		this.dispatcher.dispatch(delivery);
		return this.ownership.exitListener(call);
	}

	/** Returns {@code false} if the connection has ended. */
	private boolean awaitEvents() throws IOException {
		this.coalescing.begin();
		if (this.connection.await(this.decoder.dueMillis()) >= 0) {
			return true;
		}
		this.connection
			.end(new CorosyncException(CsError.LIBRARY, "Corosync ended the connection: the daemon stopped, or died"));
		this.ownership.close();
		return false;
	}

	/** What others wait for: the outcomes of their sends, and the daemon for requests. */
	private void flush() {
		this.unflushed = 0;
		flushOutcomes();
		// The daemon was at work: it may have taken what was announced.
		this.connection.announceNow();
	}

	private void flushOutcomes() {
		this.decoder.settle();
		this.outcomes.flush();
	}

	/** Ends the connection, and the reading if the calling thread owns it. */
	private void fail(Throwable ex, Runnable close) {
		try {
			if (ex instanceof CorosyncException cause) {
				if (cause.error() == CsError.QUEUE_FULL) {
					leave();
				}
				this.connection.end(cause);
			}
			else {
				this.connection.lost("reading events", ex);
			}
		}
		catch (Throwable again) {
			this.connection.end(this.lost);
		}
		finally {
			close.run();
		}
	}

	private void leave() {
		this.connection.requests()
			.tryAsk(CpgRequests.leave(this.membership.requireGroup(), this.membership.localAddress().pid()));
	}

	/**
	 * Ends the reading if it is for a thread that could not be started.
	 * @param reads whether the reader was started
	 */
	void abandon(boolean reads) {
		if (!reads || this.ownership.isDeliveryThreads()) {
			this.ownership.close();
		}
	}

	/** Waits until nobody reads any more. */
	void awaitReadingEnd() {
		this.ownership.awaitClosed();
	}

	/**
	 * Delivers the end, after all else. For the thread that sees to it when nobody reads
	 * any more.
	 * @param cause what the listener is notified of
	 */
	void end(@Nullable CorosyncException cause) {
		try {
			this.queue.put(new Delivery.Closed(cause), () -> false);
		}
		finally {
			this.queue.end();
		}
	}

	/** From now on the reader does not wait for room in the queue. */
	void removeBound() {
		this.queue.removeBound();
	}

	/** Waits until the listener was notified of everything, the end included. */
	boolean awaitDelivered(Deadline deadline) {
		return deadline.await(this.delivered);
	}

	boolean isDeliveryThread() {
		return Thread.currentThread() == this.deliveryThread;
	}

	long queuedBytes() {
		return this.queue.weight();
	}

	long lagNanos() {
		return this.queue.lagNanos();
	}

	/** Decodes events for the delivery thread, which dispatches them afterwards. */
	private final class Direct implements FrameReader.Handler, DeliverySink {

		/** The delivery thread's own: the reader may take over at any time. */
		private final ArrayDeque<Delivery> decoded = new ArrayDeque<>();

		private final boolean lends;

		Direct(boolean lends) {
			this.lends = lends;
		}

		@Override
		public void handle(FrameReader frame) {
			if (EventPump.this.coalescing.isFirst()) {
				EventPump.this.queue.directSince(EventPump.this.coalescing.burstSince());
			}
			EventPump.this.unflushed++;
			EventPump.this.decoder.decode(frame, this);
		}

		@Override
		public boolean lends() {
			return this.lends;
		}

		@Override
		public void accept(Delivery delivery) {
			this.decoded.add(delivery);
		}

		@Nullable Delivery poll() {
			return this.decoded.poll();
		}

	}

	/** Decodes events for the reader, into the queue. */
	private final class Queued implements FrameReader.Handler, DeliverySink {

		private final OverflowPolicy policy;

		Queued(OverflowPolicy policy) {
			this.policy = policy;
		}

		@Override
		public void handle(FrameReader frame) {
			EventPump.this.coalescing.isFirst();
			EventPump.this.unflushed++;
			EventPump.this.decoder.decode(frame, this);
		}

		/** What is in the queue outlives the call in which it was read. */
		@Override
		public boolean lends() {
			return false;
		}

		@Override
		public void accept(Delivery delivery) {
			if (!this.policy.offer(delivery)) {
				// The listener may wait for one of these outcomes, and there is no room
				// before it returns.
				flush();
				this.policy.put(delivery);
			}
		}

	}

}

package dev.cpg.client.internal.cpg.delivery;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * Brings the daemon's events to the listener. It has two threads: the delivery thread,
 * which calls the listener, and the reader, which never does. Whichever has the
 * {@link ReadOwnership} reads: the delivery thread dispatches what it has read at once,
 * the reader puts it in the queue, out of which the delivery thread dispatches it. With
 * an interceptor the reader always reads: what others post has to reach the delivery
 * thread, which nobody could wake while it waits for the daemon.
 */
public final class EventPump {

	/** After so many messages of one event it is seen how long they take. */
	private static final int MAX_UNSEEN = 16;

	private final IpcConnection connection;

	private final EventDecoder decoder;

	private final ListenerDispatcher dispatcher;

	private final BurstFlush flush;

	private final ReadOwnership ownership;

	private final ReadCoalescing coalescing = new ReadCoalescing();

	private final DirectSink direct;

	private final DeliveryLag lag = new DeliveryLag();

	private final DeliveryQueue<Delivery> queue;

	private final DeliverySink queueSink;

	private final @Nullable InterceptingSink intercepting;

	/** Whether the delivery thread may read. */
	private final boolean deliveryMayRead;

	/** Made once, and not for each message. */
	private final FrameReader.Handler directHandler = this::decodeDirect;

	private final FrameReader.Handler queueHandler = this::decodeIntoQueue;

	/** Made while there is memory for it. */
	private final CorosyncException lost = new CorosyncException(CsError.LIBRARY,
			"The connection to corosync was lost in reading events");

	private volatile Thread deliveryThread = Thread.currentThread();

	private final CountDownLatch delivered = new CountDownLatch(1);

	public EventPump(IpcConnection connection, MembershipState membership, EventDecoder decoder,
			ListenerDispatcher dispatcher, Receiver receiver, BurstFlush flush, SessionSettings settings) {
		this.connection = connection;
		this.decoder = decoder;
		this.dispatcher = dispatcher;
		this.flush = flush;
		CpgInterceptor interceptor = receiver.interceptor();
		this.deliveryMayRead = connection.waitsUninterruptibly() && interceptor == null;
		this.ownership = new ReadOwnership(this.deliveryMayRead);
		this.direct = new DirectSink(!dispatcher.keepsMessages());
		this.queue = new DeliveryQueue<>(settings.deliveryQueueCapacity(), Delivery::weight, this.lag,
				interceptor != null);
		QueueSink queueSink = new QueueSink(this.queue, connection, membership, flush, settings, receiver.freshness());
		this.intercepting = (interceptor != null) ? new InterceptingSink(interceptor, queueSink) : null;
		this.queueSink = (this.intercepting != null) ? this.intercepting : queueSink;
	}

	/**
	 * Reads while the delivery thread cannot, until nobody reads any more. For the
	 * reader.
	 */
	public void read() {
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
				fail("reading events", ex, this.ownership::closeByReader);
			}
		}
	}

	/**
	 * Reads into the queue until the delivery thread waits for that, and so can read
	 * itself, or until the connection has ended.
	 */
	private void readIntoQueue() throws IOException {
		// What the delivery thread left when it was held up.
		this.flush.run();
		while (awaitEvents()) {
			while (this.connection.take(this.queueHandler)) {
				if (this.flush.isDue()) {
					this.queue.flush();
					this.flush.run();
				}
			}
			this.decoder.releaseDue(this.queueSink);
			if (releaseToDelivery()) {
				return;
			}
			this.coalescing.rest();
		}
	}

	private void decodeIntoQueue(FrameReader frame) {
		this.coalescing.addEvent();
		this.decoder.decode(frame, this.queueSink);
	}

	/**
	 * Hands over what was read, and the ownership with it if the delivery thread waits:
	 * before that goes on, as it has to know who owns the reading when it calls the
	 * listener, and after all else, as nothing here is to be touched then.
	 * @return whether it did
	 */
	private boolean releaseToDelivery() {
		if (this.deliveryMayRead) {
			this.flush.run();
			return this.queue.flush(this.ownership::releaseToDelivery);
		}
		this.queue.flush();
		this.flush.run();
		return false;
	}

	/**
	 * Dispatches what is in the queue, and reads while it is empty, until the listener
	 * was notified of the end. For the delivery thread.
	 */
	public void deliver() {
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
				fail("reading or delivering events", ex, this.ownership::closeByDelivery);
			}
		}
		this.dispatcher.end(this.lost);
		this.delivered.countDown();
	}

	/**
	 * The delivery thread may own the reading again while it still has something to
	 * dispatch, which must not take it too long either.
	 */
	private void dispatchQueued(Delivery delivery) {
		if (dispatch(delivery) && this.lag.nanos() > ReadOwnership.MAX_BURST_NANOS) {
			this.ownership.releaseToReader();
		}
	}

	/**
	 * Dispatches what it reads until the reader owns the reading, having taken it over or
	 * got it, or until the connection has ended.
	 */
	private void readAndDispatch() throws IOException {
		while (awaitEvents()) {
			while (this.connection.take(this.directHandler)) {
				if (!dispatchDecoded()) {
					return;
				}
				this.decoder.recycle();
				if (System.nanoTime() - this.coalescing.burstSince() > ReadOwnership.MAX_BURST_NANOS) {
					this.ownership.releaseToReader();
					return;
				}
				if (this.flush.isDue()) {
					this.flush.run();
				}
			}
			this.decoder.releaseDue(this.direct);
			if (!dispatchDecoded()) {
				return;
			}
			this.lag.idle();
			this.flush.run();
			this.coalescing.rest();
		}
	}

	private void decodeDirect(FrameReader frame) {
		if (this.coalescing.addEvent()) {
			this.lag.busySince(this.coalescing.burstSince());
		}
		this.decoder.decode(frame, this.direct);
		this.flush.addEvents(this.direct.size());
	}

	/**
	 * Dispatches what the delivery thread has decoded. If the reader takes over
	 * meanwhile, nothing else here is to be touched.
	 * @return whether the delivery thread still owns the reading
	 */
	private boolean dispatchDecoded() {
		boolean owns = true;
		int dispatched = 0;
		for (Delivery delivery = this.direct.poll(); delivery != null; delivery = this.direct.poll()) {
			owns = dispatch(delivery);
			if (owns && ++dispatched % MAX_UNSEEN == 0) {
				owns = !isTooLong();
			}
		}
		return owns;
	}

	/**
	 * Lets others go on amid an event of many messages, and the reader read if they take
	 * too long.
	 */
	private boolean isTooLong() {
		if (System.nanoTime() - this.coalescing.burstSince() > ReadOwnership.MAX_BURST_NANOS) {
			this.ownership.releaseToReader();
			return true;
		}
		if (this.flush.isDue()) {
			this.flush.run();
		}
		return false;
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

	/** Ends the connection, and the reading if the calling thread owns it. */
	private void fail(String what, Throwable ex, Runnable close) {
		try {
			if (ex instanceof CorosyncException cause) {
				this.connection.end(cause);
			}
			else {
				this.connection.lost(what, ex);
			}
		}
		catch (Throwable again) {
			this.connection.end(this.lost);
		}
		finally {
			close.run();
		}
	}

	/**
	 * Ends the reading if it is for the delivery thread, which could not be started.
	 */
	public void abandon() {
		if (this.ownership.isDeliveryThreads()) {
			this.ownership.close();
		}
	}

	/**
	 * Shows the end to the interceptor, if it is one for the listener, too. For the
	 * thread that sees to it, before all else.
	 * @param cause what the interceptor is notified of
	 */
	public void interceptEnd(@Nullable CorosyncException cause) {
		if (this.intercepting != null && !this.dispatcher.isRetired()) {
			this.intercepting.intercept(new Delivery.Closed(cause));
		}
	}

	/**
	 * Has the delivery thread run something after all that was decoded before.
	 * @throws CorosyncException with {@link CsError#BAD_OPERATION} if there is no
	 * interceptor
	 */
	public void post(Runnable call) {
		if (this.intercepting == null) {
			throw new CorosyncException(CsError.BAD_OPERATION,
					"Nothing can be posted to a connection that was opened without an interceptor");
		}
		this.queue.post(new Delivery.Posted(call));
	}

	/**
	 * Delivers the end, after all else. For the thread that sees to it when nobody reads
	 * any more.
	 * @param cause what the listener is notified of
	 */
	public void end(@Nullable CorosyncException cause) {
		try {
			this.queue.put(new Delivery.Closed(cause), () -> false);
		}
		finally {
			this.queue.end();
		}
	}

	/**
	 * Lets the reader pass the queue's bound, or keep to it again: the listener waits for
	 * what comes behind.
	 */
	public void exceedBound(boolean exceeds) {
		this.queue.exceed(exceeds);
	}

	/** From now on the reader does not wait for room in the queue. */
	public void removeBound() {
		this.queue.removeBound();
	}

	/** Waits until the listener was notified of everything, the end included. */
	public boolean awaitDelivered(Deadline deadline) {
		return deadline.await(this.delivered);
	}

	public boolean isDeliveryThread() {
		return Thread.currentThread() == this.deliveryThread;
	}

	public long queuedBytes() {
		return this.queue.weight();
	}

	public long lagNanos() {
		return this.lag.nanos();
	}

}

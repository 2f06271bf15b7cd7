package dev.cpg.client.internal.cpg;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.cpg.outcome.OutcomeDispatcher;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import dev.cpg.client.internal.log.Printable;

/**
 * Reads the daemon's events, as the thread whose {@link ReadOwnership} it is: the
 * delivery thread tells the listener at once, the reader hands over.
 */
public final class EventReader implements FrameReader.Handler {

	private static final String READING = "reading events";

	/** So that a long burst does not keep others waiting for its end. */
	private static final int MAX_UNFLUSHED = 64;

	private final CpgAddress localAddress;

	private final EventDecoder decoder;

	private final OutcomeDispatcher outcomes;

	private final DeliveryQueue<Object> delivery;

	private final SessionSettings settings;

	private final IpcConnection link;

	private final ReadOwnership turn;

	/** Whether messages are in the listener's hands only while it is told of them. */
	private final boolean lends;

	private final ReadCoalescing moderation = new ReadCoalescing();

	private final LogLimit fullQueueWarning = new LogLimit();

	/** Events since others were last told of what they wait for. */
	private int unflushed;

	/** Events of the present burst. */
	private int burst;

	/** When the first of them was there. */
	private long burstSince;

	private long waitsSince;

	/** Whether the delivery thread reads, so that nothing need be handed over. */
	private boolean direct;

	/** What the delivery thread has decoded and not told yet; its own. */
	private final ArrayDeque<Object> decoded = new ArrayDeque<>();

	/**
	 * Creates one.
	 * @param decoder makes a decoder that gives what it decodes to the consumer
	 */
	EventReader(CpgAddress localAddress, Function<Consumer<Object>, EventDecoder> decoder, OutcomeDispatcher outcomes,
			DeliveryQueue<Object> delivery, SessionSettings settings, IpcConnection link, ReadOwnership turn,
			boolean lends) {
		this.localAddress = localAddress;
		this.decoder = decoder.apply(this::put);
		this.outcomes = outcomes;
		this.delivery = delivery;
		this.settings = settings;
		this.link = link;
		this.turn = turn;
		this.lends = lends;
	}

	/**
	 * Reads events and hands them over, until the delivery thread waits for some and so
	 * can read itself, or the link ends. For the reader.
	 */
	void readAndHandOver() {
		begin(false);
		try {
			// What the delivery thread left when it was held up.
			flushOutcomes();
			while (awaitEvents()) {
				while (this.link.take(this)) {
					if (this.unflushed > MAX_UNFLUSHED) {
						this.delivery.flush();
						flush();
					}
				}
				this.decoder.releaseOverdue();
				if (handBack()) {
					return;
				}
				rest();
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			// The report of a faulty access may come after the turn was given back.
			if (this.turn.isReaders()) {
				fail(ex);
			}
			else {
				this.link.lost(READING, ex);
			}
		}
	}

	/** What is handed over outlives the call in which it was read. */
	private void begin(boolean direct) {
		this.direct = direct;
		this.decoder.lend(direct && this.lends);
	}

	/**
	 * Hands over what was read, and the turn with it if the delivery thread waits: before
	 * it goes on, as it has to know whose turn it is when it tells the listener, and
	 * after all else, as nothing here is to be touched then.
	 * @return whether it did
	 */
	private boolean handBack() {
		if (this.link.waitsUninterruptibly()) {
			flush();
			return this.delivery.flush(this.turn::giveBack);
		}
		this.delivery.flush();
		flush();
		return false;
	}

	/**
	 * Reads events and tells each of them at once, as long as the delivery thread has the
	 * turn; it gives it up if more comes than the listener can take. For the delivery
	 * thread.
	 */
	void readAndTell(Consumer<Object> listener) {
		begin(true);
		try {
			while (awaitEvents()) {
				while (this.link.take(this)) {
					if (!tell(listener)) {
						return;
					}
					this.decoder.recycle();
					if (System.nanoTime() - this.burstSince > ReadOwnership.MAX_BURST_NANOS) {
						this.turn.handOver();
						return;
					}
					if (this.unflushed > MAX_UNFLUSHED) {
						flush();
					}
				}
				this.decoder.releaseOverdue();
				if (!tell(listener)) {
					return;
				}
				this.delivery.directEnd();
				flush();
				rest();
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			if (this.turn.reclaim()) {
				fail(ex);
			}
			else {
				this.link.lost("telling the listener", ex);
			}
			tell(listener);
		}
	}

	/**
	 * Tells what was decoded. If the reader takes the turn meanwhile, nothing else here
	 * is to be touched.
	 * @return whether the delivery thread still has the turn
	 */
	private boolean tell(Consumer<Object> listener) {
		boolean mine = true;
		for (Object element = this.decoded.poll(); element != null; element = this.decoded.poll()) {
			long telling = this.turn.telling();
			listener.accept(element);
			if (element instanceof LentMessage message) {
				message.takeBack();
			}
			mine = this.turn.told(telling);
		}
		return mine;
	}

	/** Returns {@code false} if the link has ended. */
	private boolean awaitEvents() throws IOException {
		this.waitsSince = System.nanoTime();
		this.burst = 0;
		if (this.link.await(this.decoder.holds() ? EventDecoder.HOLD_MILLIS : 0) >= 0) {
			return true;
		}
		this.link
			.end(new CorosyncException(CsError.LIBRARY, "Corosync ended the connection: the daemon stopped, or died"));
		this.turn.close();
		return false;
	}

	private void fail(Throwable cause) {
		try {
			if (cause instanceof CorosyncException ex) {
				if (ex.error() == CsError.QUEUE_FULL) {
					this.link.requests().tryAsk(CpgProtocol.leave(this.decoder.group(), this.localAddress.pid()));
				}
				this.link.end(ex);
			}
			else {
				this.link.lost(READING, cause);
			}
		}
		finally {
			this.turn.close();
		}
	}

	/** What others wait for: the outcomes of their sends, and the daemon for requests. */
	private void flush() {
		this.unflushed = 0;
		flushOutcomes();
		// The daemon was at work: it may have taken what it was told of.
		this.link.announceNow();
	}

	private void flushOutcomes() {
		this.decoder.settle();
		this.outcomes.flush();
	}

	private void rest() {
		if (this.burst > 0) {
			this.moderation.rest(this.burst, this.burstSince - this.waitsSince);
		}
	}

	@Override
	public void handle(FrameReader frame) {
		if (this.burst++ == 0) {
			this.burstSince = System.nanoTime();
			if (this.direct) {
				this.delivery.directSince(this.burstSince);
			}
		}
		this.unflushed++;
		this.decoder.decode(frame);
	}

	/**
	 * Under the blocking policy the reader waits here, and has to notice all the same if
	 * the daemon goes.
	 */
	private void put(Object element) {
		if (this.direct) {
			this.decoded.add(element);
		}
		else if (this.settings.overflow() == CpgOverflow.BLOCK) {
			if (!this.delivery.offer(element)) {
				warnOfFullQueue();
				// The listener may wait for one of these outcomes, and there is no room
				// before it returns.
				flush();
				this.delivery.put(element, this.link::checkDaemon);
			}
		}
		else if (!this.delivery.offer(element)) {
			throw new CorosyncException(CsError.QUEUE_FULL,
					("The listener is too slow: %d bytes wait for it; the group was left"
							+ " so that corosync need not keep more (%s)")
						.formatted(this.delivery.weight(), capacityName()),
					CorosyncSetting.DELIVERY_QUEUE_CAPACITY, null);
		}
	}

	private void warnOfFullQueue() {
		this.fullQueueWarning.log("full", (leftOut) -> {
			long bytes = this.delivery.weight();
			CpgLog.LISTENERS.warn()
				.with("group", this.decoder.group())
				.with("bytes", bytes)
				.log("The listeners of group '{}' are too slow: {} wait for them, and what follows waits in corosync,"
						+ " which the whole node needs ({})", this.decoder.group(), Printable.count(bytes, "byte"),
						capacityName());
		});
	}

	private String capacityName() {
		return this.settings.nameOf(CorosyncSetting.DELIVERY_QUEUE_CAPACITY);
	}

}

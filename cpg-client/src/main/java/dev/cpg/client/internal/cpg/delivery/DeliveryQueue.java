package dev.cpg.client.internal.cpg.delivery;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * The queue between a thread that must not wait for user code and one that runs it. It is
 * bounded by weight. The producer gathers what comes in a burst and hands it over at once
 * ({@link #flush}), and the consumer takes all there is, so that a burst costs one
 * wake-up.
 * <p>
 * There is one producer at a time: first the one that reads events, then the one that
 * sees to the end. Besides, any thread may {@link #post} to a queue that is shared.
 *
 * @param <E> the type of the elements
 */
public final class DeliveryQueue<E> {

	private static final long LOOK_NANOS = 500_000_000;

	private final long capacity;

	private final ToLongFunction<E> weigher;

	private final DeliveryLag lag;

	private final boolean shared;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition notEmpty = this.lock.newCondition();

	private final Condition notFull = this.lock.newCondition();

	private final AtomicLong weight = new AtomicLong();

	/**
	 * What the producer has not handed over yet; the producer's alone, or the lock's if
	 * the queue is shared.
	 */
	private ArrayDeque<E> gathered = new ArrayDeque<>();

	private ArrayDeque<E> elements = new ArrayDeque<>();

	/** What is being consumed; the consumer's alone. It outlives a consumer's failure. */
	private ArrayDeque<E> batch = new ArrayDeque<>();

	private boolean consumerWaits;

	private volatile boolean producerWaits;

	private volatile boolean unbounded;

	/** Whether the bound does not count for now. */
	private volatile boolean exceeds;

	private boolean ended;

	/** When the first of {@link #elements} was handed over. */
	private long elementsSince;

	/**
	 * Creates an empty queue.
	 * @param capacity the weight from which on producers wait; a single heavier element
	 * passes when nothing else is there
	 * @param weigher returns what an element weighs
	 * @param lag shows since when what is being consumed was in the queue
	 * @param shared whether there are others than the producer who add elements
	 */
	DeliveryQueue(long capacity, ToLongFunction<E> weigher, DeliveryLag lag, boolean shared) {
		this.capacity = capacity;
		this.weigher = weigher;
		this.lag = lag;
		this.shared = shared;
	}

	/**
	 * Adds an element, waiting for room if there is none.
	 * @param goOn is asked twice a second while the producer waits; if it returns
	 * {@code false}, the element is added past the bound
	 */
	void put(E element, BooleanSupplier goOn) {
		while (!offer(element)) {
			flush();
			awaitRoom();
			if (!goOn.getAsBoolean()) {
				removeBound();
			}
		}
	}

	private void awaitRoom() {
		this.lock.lock();
		try {
			// If room was made since the offer, the flag is down again.
			long left = LOOK_NANOS;
			while (!this.unbounded && !this.exceeds && this.producerWaits && left > 0) {
				left = this.notFull.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			// Nobody has a reason to interrupt the threads that call this.
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Adds an element if there is room for it, and returns whether there was. */
	boolean offer(E element) {
		long elementWeight = this.weigher.applyAsLong(element);
		if (isFull(elementWeight)) {
			this.producerWaits = true;
			// The consumer may have made room before it could see the flag.
			if (isFull(elementWeight)) {
				return false;
			}
			this.producerWaits = false;
		}
		gather(element, elementWeight);
		return true;
	}

	private void gather(E element, long elementWeight) {
		if (!this.shared) {
			this.weight.addAndGet(elementWeight);
			this.gathered.add(element);
			return;
		}
		this.lock.lock();
		try {
			this.weight.addAndGet(elementWeight);
			this.gathered.add(element);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds an element, past the bound, behind all that was added before, and hands
	 * everything over. Nothing is added after the end. For any thread, if the queue is
	 * shared.
	 */
	void post(E element) {
		this.lock.lock();
		try {
			if (!this.ended) {
				gather(element, this.weigher.applyAsLong(element));
				flush();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isFull(long elementWeight) {
		long present = this.weight.get();
		return !this.unbounded && !this.exceeds && present > 0 && present + elementWeight > this.capacity;
	}

	/** Hands over what was added, and wakes the consumer. For the producer. */
	void flush() {
		flush(() -> {
		});
	}

	/**
	 * Hands over what was added, and wakes the consumer. For the producer.
	 * @param ifAwaited is run if the consumer waits for it, before the consumer can go on
	 * @return whether it did
	 */
	boolean flush(Runnable ifAwaited) {
		if (!this.shared && this.gathered.isEmpty()) {
			return false;
		}
		this.lock.lock();
		try {
			if (this.gathered.isEmpty()) {
				return false;
			}
			if (this.elements.isEmpty()) {
				this.elementsSince = System.nanoTime();
				ArrayDeque<E> taken = this.elements;
				this.elements = this.gathered;
				this.gathered = taken;
			}
			else {
				this.elements.addAll(this.gathered);
				this.gathered.clear();
			}
			if (!this.consumerWaits) {
				return false;
			}
			this.consumerWaits = false;
			// It goes on only when this lock is given back.
			this.notEmpty.signal();
			ifAwaited.run();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets the producer pass the bound, or keep to it again: the consumer waits for what
	 * only the producer brings.
	 */
	void exceed(boolean exceeds) {
		this.lock.lock();
		try {
			this.exceeds = exceeds;
			this.notFull.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** From now on no producer waits: the connection has ended and little more comes. */
	void removeBound() {
		this.lock.lock();
		try {
			this.unbounded = true;
			this.notFull.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets {@link #consume} return when it has consumed what was added. For the producer.
	 */
	void end() {
		try {
			flush();
		}
		finally {
			this.lock.lock();
			try {
				this.ended = true;
				this.notEmpty.signal();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	long weight() {
		return this.weight.get();
	}

	/**
	 * Consumes elements one by one, in order. For the consumer.
	 * @param stop returns whether to stop instead of waiting; asked when there are none
	 * @return whether it stopped for that; {@code false} at the end
	 */
	boolean consume(Consumer<E> consumer, BooleanSupplier stop) {
		while (true) {
			consumeBatch(consumer);
			this.lock.lock();
			try {
				if (this.elements.isEmpty()) {
					this.lag.idle();
				}
				while (this.elements.isEmpty() && !this.ended) {
					if (stop.getAsBoolean()) {
						return true;
					}
					this.consumerWaits = true;
					this.notEmpty.awaitUninterruptibly();
				}
				if (this.elements.isEmpty()) {
					return false;
				}
				ArrayDeque<E> filled = this.elements;
				this.elements = this.batch;
				this.lag.busySince(this.elementsSince);
				this.batch = filled;
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private void consumeBatch(Consumer<E> consumer) {
		for (E element = this.batch.poll(); element != null; element = this.batch.poll()) {
			try {
				consumer.accept(element);
			}
			finally {
				consumed(this.weigher.applyAsLong(element));
			}
		}
	}

	private void consumed(long elementWeight) {
		this.weight.addAndGet(-elementWeight);
		if (!this.producerWaits) {
			return;
		}
		this.lock.lock();
		try {
			this.producerWaits = false;
			this.notFull.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}

package dev.cpg.embedded;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.OrderedMessage.Data;
import org.jspecify.annotations.Nullable;

/**
 * The events that wait for a connection's listener. The view changes before the listener
 * is notified of it.
 */
final class ListenerQueue {

	/** About what an event costs beside its content. */
	private static final int WEIGHT = 128;

	/** About what a member or node in a list costs; all members share those of a view. */
	private static final int ENTRY_WEIGHT = 64;

	private final CpgListener listener;

	private final boolean lends;

	private final Engine engine;

	private final long capacity;

	private final SerialTasks tasks;

	/** What the events weigh that the listener has not returned from. */
	private final AtomicLong weight = new AtomicLong();

	/** What the last event weighs; the engine's thread alone has this. */
	private long lastWeight;

	private volatile boolean roomAwaited;

	private volatile Runnable onRoom = () -> {
	};

	/**
	 * When the event was added that is next or under way; or when the queue was empty.
	 */
	private volatile long since;

	private volatile CpgView view = CpgView.NONE;

	/** Whether the listener was notified of the end; the thread's that calls it. */
	private boolean closed;

	/**
	 * Creates an empty queue.
	 * @param capacity the weight from which on it is full
	 * @param threadName what the thread is called that calls the listener
	 */
	ListenerQueue(CpgListener listener, Engine engine, long capacity, String threadName) {
		this.listener = listener;
		this.lends = !listener.keepsMessages();
		this.engine = engine;
		this.capacity = capacity;
		this.tasks = new SerialTasks(engine, false, threadName);
	}

	/** Sets what the engine's thread does when there may be room again. */
	void onRoom(Runnable task) {
		this.onRoom = task;
	}

	/** Returns the view that the listener knows. */
	CpgView view() {
		return this.view;
	}

	boolean isCalling() {
		return this.tasks.isRunByCaller();
	}

	/** Returns about how many bytes wait for the listener. */
	long bytes() {
		return this.weight.get();
	}

	Duration lag() {
		return this.tasks.isDone() ? Duration.ZERO : Duration.ofNanos(Math.max(0, this.engine.nanoTime() - this.since));
	}

	/**
	 * Returns whether the events weigh more than they may; one alone may weigh anything.
	 * For the engine's thread.
	 */
	boolean isFull() {
		if (!isTooHeavy()) {
			return false;
		}
		this.roomAwaited = true;
		// The listener may have made room before it could see the flag.
		return isTooHeavy();
	}

	private boolean isTooHeavy() {
		long present = this.weight.get();
		return present > this.capacity && present > this.lastWeight;
	}

	private void add(long eventWeight, Runnable event) {
		if (this.tasks.isDone()) {
			this.since = this.engine.nanoTime();
		}
		this.lastWeight = eventWeight;
		this.weight.addAndGet(eventWeight);
		this.tasks.add(() -> {
			try {
				event.run();
			}
			finally {
				removed(eventWeight);
			}
		});
	}

	private void removed(long eventWeight) {
		this.weight.addAndGet(-eventWeight);
		if (this.roomAwaited) {
			this.roomAwaited = false;
			this.engine.execute(this.onRoom);
		}
	}

	/**
	 * The members change.
	 * @param joined what to do before the listener is notified of this member's join
	 */
	void membersChanged(CpgConfigurationChange change, @Nullable Runnable joined) {
		int entries = change.left().size() + change.joined().size();
		add(WEIGHT + (long) ENTRY_WEIGHT * entries, () -> {
			this.view = change.view();
			if (joined != null) {
				joined.run();
			}
			this.listener.configurationChanged(change);
		});
	}

	void ringChanged(CpgTotemConfiguration configuration) {
		add(WEIGHT + (long) ENTRY_WEIGHT * configuration.nodeIds().size(), () -> {
			this.view = configuration.view();
			this.listener.totemChanged(configuration);
		});
	}

	/**
	 * A message is delivered.
	 * @param data the message, or the last fragment of it
	 * @param inView the view in which it is delivered
	 * @param local whether this member has sent it
	 */
	void delivered(Data data, CpgView inView, boolean local) {
		byte[] shared = data.multicast().bytes();
		add(WEIGHT + (long) shared.length, () -> {
			if (this.lends) {
				LentMessage message = LentMessage.of(data, inView, local);
				try {
					this.listener.delivered(message);
				}
				finally {
					message.takeBack();
				}
			}
			else {
				this.listener.delivered(new CpgMessage(data.group(), inView, data.sender(), local, shared.clone()));
			}
		});
	}

	/** Something else is to be run at this place. For any thread. */
	void post(Runnable call) {
		this.weight.addAndGet(WEIGHT);
		this.tasks.add(() -> {
			try {
				if (!this.closed) {
					call.run();
				}
			}
			finally {
				removed(WEIGHT);
			}
		});
	}

	/** The connection has ended. Nothing may follow. */
	void closed(@Nullable CorosyncException cause) {
		add(WEIGHT, () -> {
			this.closed = true;
			this.view = CpgView.NONE;
			this.listener.closed(cause);
		});
	}

}

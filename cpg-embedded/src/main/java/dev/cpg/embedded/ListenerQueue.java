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

	private final CpgListener listener;

	private final boolean lends;

	private final Engine engine;

	private final SerialTasks tasks;

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * When the event was added that is next or under way; or when the queue was empty.
	 */
	private volatile long since;

	private volatile CpgView view = CpgView.NONE;

	ListenerQueue(CpgListener listener, Engine engine) {
		this.listener = listener;
		this.lends = !listener.keepsMessages();
		this.engine = engine;
		this.tasks = new SerialTasks(engine, false);
	}

	/** Returns the view that the listener knows. */
	CpgView view() {
		return this.view;
	}

	boolean isCalling() {
		return this.tasks.isRunByCaller();
	}

	long bytes() {
		return this.bytes.get();
	}

	Duration lag() {
		return this.tasks.isDone() ? Duration.ZERO : Duration.ofNanos(Math.max(0, this.engine.nanoTime() - this.since));
	}

	private void add(Runnable event) {
		if (this.tasks.isDone()) {
			this.since = this.engine.nanoTime();
		}
		this.tasks.add(event);
	}

	/**
	 * The members change.
	 * @param joined what to do before the listener is notified of this member's join
	 */
	void membersChanged(CpgConfigurationChange change, @Nullable Runnable joined) {
		add(() -> {
			this.view = change.view();
			if (joined != null) {
				joined.run();
			}
			this.listener.configurationChanged(change);
		});
	}

	void ringChanged(CpgTotemConfiguration configuration) {
		add(() -> {
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
		this.bytes.addAndGet(shared.length);
		add(() -> {
			this.bytes.addAndGet(-shared.length);
			if (this.lends) {
				LentMessage message = new LentMessage(data.group(), inView, data.sender(), local, shared);
				this.listener.delivered(message);
				message.takeBack();
			}
			else {
				this.listener.delivered(new CpgMessage(data.group(), inView, data.sender(), local, shared.clone()));
			}
		});
	}

	/** The connection has ended. Nothing may follow. */
	void closed(@Nullable CorosyncException cause) {
		add(() -> {
			this.view = CpgView.NONE;
			this.listener.closed(cause);
		});
	}

}

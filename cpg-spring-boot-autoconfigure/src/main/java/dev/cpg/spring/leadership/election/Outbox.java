package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * The election's messages on their way to the engine. What the engine does not take at
 * once waits on a thread of its own, as the service's messages do: one that sends at full
 * speed leaves no room for who does not wait for it. All calls are made under the lock of
 * the {@link LeaderElection}.
 */
final class Outbox {

	/** A message that is not delivered by then is lost in all likelihood. */
	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final LeaderElection owner;

	private final CpgConnection connection;

	private final Runnable onFailure;

	private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();

	/** How many wait or are being sent; the thread sends while there are any. */
	private final AtomicInteger pending = new AtomicInteger();

	/**
	 * Creates an outbox.
	 * @param onFailure is called when a message was not delivered, or that is unknown
	 */
	Outbox(LeaderElection owner, CpgConnection connection, Runnable onFailure) {
		this.owner = owner;
		this.connection = connection;
		this.onFailure = onFailure;
	}

	/** Sends a message, after those of earlier calls. */
	void send(byte[] message) {
		try {
			if (this.pending.get() == 0 && trySend(message)) {
				return;
			}
			this.waiting.add(message);
			if (this.pending.getAndIncrement() == 0) {
				HelperThreads.SHARED.execute(this::sendWaiting);
			}
		}
		catch (CorosyncException ex) {
			failed(ex);
		}
	}

	private boolean trySend(byte[] message) {
		CompletableFuture<CpgView> delivery = this.connection.tryMulticast(message, LIMIT);
		if (delivery != null) {
			observe(delivery);
		}
		return delivery != null;
	}

	private void observe(CompletableFuture<CpgView> delivery) {
		if (!delivery.isDone() || delivery.isCompletedExceptionally()) {
			var unused = delivery.whenComplete((view, failure) -> {
				if (failure != null) {
					this.owner.locked(this.onFailure);
				}
			});
		}
	}

	/**
	 * The lock is not needed for this: whoever holds it for each message that arrives
	 * would pass this thread again and again.
	 */
	private void sendWaiting() {
		try {
			do {
				observe(this.connection.multicast(this.waiting.remove(), LIMIT));
			}
			while (this.pending.decrementAndGet() > 0);
		}
		catch (Throwable ex) {
			this.owner.locked(() -> failed(ex));
		}
	}

	/** What waits will be said again, too. */
	private void failed(Throwable failure) {
		CpgLog.LEADERSHIP.debug().cause(failure).log("A message of the election was not sent");
		this.waiting.clear();
		this.pending.set(0);
		this.onFailure.run();
	}

}

package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

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

	/** What waits; the thread sends while there is any. */
	private final Queue<byte[]> waiting = new ArrayDeque<>();

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
			if (!this.waiting.isEmpty()) {
				this.waiting.add(message);
			}
			else if (!trySend(message)) {
				this.waiting.add(message);
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

	private void sendWaiting() {
		byte[] next = this.owner.locked(this.waiting::peek);
		while (next != null) {
			try {
				observe(this.connection.multicast(next, LIMIT));
				next = this.owner.locked(this::next);
			}
			catch (Throwable ex) {
				next = null;
				this.owner.locked(() -> failed(ex));
			}
		}
	}

	private byte @Nullable [] next() {
		this.waiting.remove();
		return this.waiting.peek();
	}

	/** What waits will be said again, too. */
	private void failed(Throwable failure) {
		CpgLog.LEADERSHIP.debug().cause(failure).log("A message of the election was not sent");
		this.waiting.clear();
		this.onFailure.run();
	}

}

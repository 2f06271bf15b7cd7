package dev.cpg.client.internal.cpg.send;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

import dev.cpg.client.internal.cpg.outcome.SendFuture;
import org.jspecify.annotations.Nullable;

/**
 * The batches whose messages are to be sent again, in the order of their first sending:
 * one that came back twice comes before those that were not sent again since. The thread
 * that reads events adds, whoever has the right to send takes; any thread may look.
 */
final class StaleBatches {

	private final ConcurrentSkipListMap<Long, StaleBatch> batches = new ConcurrentSkipListMap<>();

	void add(StaleBatch batch) {
		this.batches.put(batch.batch().sequence(), batch);
	}

	boolean isEmpty() {
		return this.batches.isEmpty();
	}

	/** Returns the first one. */
	@Nullable StaleBatch first() {
		Map.Entry<Long, StaleBatch> first = this.batches.firstEntry();
		return (first != null) ? first.getValue() : null;
	}

	void remove(StaleBatch batch) {
		this.batches.remove(batch.batch().sequence(), batch);
	}

	/** Gives up messages past their time limits. For whoever has the right to send. */
	long expire(long now, Consumer<SendFuture> decided) {
		long next = Long.MAX_VALUE;
		for (StaleBatch batch : this.batches.values()) {
			next = Math.min(next, batch.expire(now, decided));
		}
		return next;
	}

	/** Nobody gets any of the messages that were not sent again. When nobody sends. */
	void lose(Consumer<SendFuture> decided) {
		this.batches.values().forEach((batch) -> batch.lose(decided));
	}

}

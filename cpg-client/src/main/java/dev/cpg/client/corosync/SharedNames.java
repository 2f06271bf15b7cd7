package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.cpg.client.CpgNames;
import org.jspecify.annotations.Nullable;

/**
 * The names that one daemon knows, read once for all who ask at about the same time.
 */
final class SharedNames {

	/** Groups of one service start together; a node that is added takes longer. */
	private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

	private @Nullable Reading latest;

	/**
	 * Returns the names, in a future of the caller's own.
	 * @param reader begins to read them, if nobody did lately
	 */
	synchronized CompletableFuture<CpgNames> get(Supplier<CompletableFuture<CpgNames>> reader) {
		Reading latest = this.latest;
		if (latest == null || !latest.isFresh()) {
			latest = new Reading(System.nanoTime(), reader.get());
			this.latest = latest;
		}
		return latest.names.copy();
	}

	private record Reading(long begun, CompletableFuture<CpgNames> names) {

		/** A failure is for those who waited for it. */
		boolean isFresh() {
			return !this.names.isCompletedExceptionally() && System.nanoTime() - this.begun < FRESH_NANOS;
		}

	}

}

package dev.cpg.benchmarks.spring;

import java.util.concurrent.CompletableFuture;

import dev.cpg.embedded.EmbeddedCluster;
import org.jspecify.annotations.Nullable;

/**
 * Holds the cluster's thread at the next message, so that sends neither contend with it
 * nor wake it, which would cost more the slower they are.
 */
final class Brake {

	private volatile CompletableFuture<@Nullable Void> released = CompletableFuture.completedFuture(null);

	Brake(EmbeddedCluster cluster) {
		cluster.dropNext((message) -> {
			this.released.join();
			return false;
		});
	}

	void hold() {
		this.released = new CompletableFuture<>();
	}

	void release() {
		this.released.complete(null);
	}

}

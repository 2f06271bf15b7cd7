package dev.cpg.benchmarks.spring;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;

/**
 * A member that sends messages to itself.
 */
interface Member extends AutoCloseable {

	/** Sends a message, always the same one. */
	CompletableFuture<CpgView> send();

	/** Returns what its listener does. */
	Receiver receiver();

	@Override
	void close();

}

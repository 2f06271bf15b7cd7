package dev.cpg.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future of an engine that runs in the thread of its callers: a thread that waits for
 * it runs the steps that lead to it. So do futures that depend on it.
 */
final class SteppingFuture<T> extends CompletableFuture<T> {

	private final DeterministicEngine engine;

	SteppingFuture(DeterministicEngine engine) {
		this.engine = engine;
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new SteppingFuture<>(this.engine);
	}

	@Override
	public T join() {
		runSteps(Timers.NEVER);
		return super.join();
	}

	@Override
	public T get() throws InterruptedException, ExecutionException {
		runSteps(Timers.NEVER);
		return super.get();
	}

	@Override
	public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		runSteps(this.engine.nanoTime() + unit.toNanos(timeout));
		return super.get(timeout, unit);
	}

	/** What another thread has to do for it, after the steps, is waited for as usual. */
	private void runSteps(long deadline) {
		if (this.engine.isOwner()) {
			this.engine.await(this::isDone, deadline);
		}
	}

}

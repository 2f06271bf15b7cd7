package dev.cpg.client.internal.cpg.outcome;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import org.jspecify.annotations.Nullable;

/**
 * A future whose outcome is decided by one thread and reported by another. Whoever
 * decides must not run what the application made depend on the future, so the decision
 * does no more than release the threads that wait in {@code get} or {@code join}.
 * <p>
 * Whoever looks at a decided future reports it first, on its own thread, unless something
 * depends on it already. So does whoever adds something that depends on it: the methods
 * of a stage create the next stage first, or ask the other one for its future. Only
 * {@code allOf} and {@code anyOf} add something without that. What is added just when the
 * decision is made, or by those two later, runs when the {@link OutcomeDispatcher}
 * reports the outcome.
 */
abstract class OutcomeFuture extends CompletableFuture<CpgView> {

	private static final VarHandle DECISION;

	static {
		try {
			DECISION = MethodHandles.lookup().findVarHandle(OutcomeFuture.class, "decision", Object.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/** The {@link Waiter}s, and later what was decided. */
	private volatile @Nullable Object decision;

	/** Returns what was decided, {@code null} if nothing was. */
	final @Nullable Object decision() {
		Object decision = this.decision;
		return (decision instanceof Waiter) ? null : decision;
	}

	/**
	 * Decides the outcome, if it is not decided yet.
	 * @return whether this call did
	 */
	final boolean decide(Object outcome) {
		for (Object before = this.decision; before == null || before instanceof Waiter; before = this.decision) {
			if (DECISION.compareAndSet(this, before, outcome)) {
				release(before);
				return true;
			}
		}
		return false;
	}

	/** Decides the outcome, whatever was decided; returns what was. */
	final @Nullable Object redecide(Object outcome) {
		return DECISION.getAndSet(this, outcome);
	}

	/** Completes the future as decided, and so runs what depends on it. */
	final void report() {
		Object decision = this.decision;
		if (decision instanceof CpgView view) {
			super.complete(view);
		}
		else if (decision instanceof CpgSendException ex) {
			super.completeExceptionally(ex);
		}
	}

	final boolean isReported() {
		return super.isDone();
	}

	/** Reports what was decided, unless something depends on it. */
	private void settle() {
		if (decision() != null && !isReported() && getNumberOfDependents() == 0) {
			report();
		}
	}

	private boolean isOver() {
		return decision() != null || isReported();
	}

	private static void release(@Nullable Object waiters) {
		for (Object next = waiters; next instanceof Waiter waiter; next = waiter.next) {
			LockSupport.unpark(waiter.thread);
		}
	}

	/** Returns whether the wait was interrupted, and the interrupt not thrown. */
	private boolean await(boolean interruptible, long nanos) {
		if (isOver()) {
			return false;
		}
		Waiter waiter = new Waiter(this, interruptible, nanos);
		waiter.add();
		try {
			ForkJoinPool.managedBlock(waiter);
		}
		catch (InterruptedException ex) {
			waiter.interrupted = true;
		}
		finally {
			waiter.remove();
		}
		return waiter.interrupted;
	}

	/** An outcome that is there is returned, interrupt or not. */
	private void awaitInterruptibly(long nanos) throws InterruptedException {
		if (isOver()) {
			return;
		}
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		if (await(true, nanos)) {
			if (!isOver()) {
				throw new InterruptedException();
			}
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public CpgView get() throws InterruptedException, ExecutionException {
		awaitInterruptibly(Long.MAX_VALUE);
		settle();
		return super.get();
	}

	@Override
	public CpgView get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		long deadline = System.nanoTime() + Math.min(unit.toNanos(timeout), Long.MAX_VALUE / 2);
		awaitInterruptibly(deadline - System.nanoTime());
		settle();
		return super.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
	}

	@Override
	public CpgView join() {
		boolean interrupted = await(false, Long.MAX_VALUE);
		try {
			settle();
			return super.join();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public CpgView getNow(CpgView valueIfAbsent) {
		settle();
		return super.getNow(valueIfAbsent);
	}

	@Override
	public boolean isDone() {
		settle();
		return super.isDone();
	}

	@Override
	public boolean isCompletedExceptionally() {
		settle();
		return super.isCompletedExceptionally();
	}

	@Override
	public boolean isCancelled() {
		settle();
		return super.isCancelled();
	}

	@Override
	public boolean complete(CpgView value) {
		settle();
		boolean mine = super.complete(value);
		release(this.decision);
		return mine;
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		settle();
		boolean mine = super.completeExceptionally(ex);
		release(this.decision);
		return mine;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		settle();
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		release(this.decision);
		return cancelled;
	}

	/** The inherited one would complete it and release no waiter. */
	@Override
	public CompletableFuture<CpgView> completeAsync(Supplier<? extends CpgView> supplier, Executor executor) {
		executor.execute(() -> {
			try {
				complete(supplier.get());
			}
			catch (Throwable ex) {
				completeExceptionally(ex);
			}
		});
		return this;
	}

	@Override
	public void obtrudeValue(CpgView value) {
		super.obtrudeValue(value);
		release(this.decision);
	}

	@Override
	public void obtrudeException(Throwable ex) {
		super.obtrudeException(ex);
		release(this.decision);
	}

	/**
	 * Stages that depend on this one are plain: only a send has an outcome. Each method
	 * that adds one calls this before.
	 */
	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		settle();
		return new CompletableFuture<>();
	}

	/** For a stage that combines this one with itself. */
	@Override
	public CompletableFuture<CpgView> toCompletableFuture() {
		settle();
		return this;
	}

	@Override
	public CompletionStage<CpgView> minimalCompletionStage() {
		settle();
		return super.minimalCompletionStage();
	}

	/** A thread that waits for the decision. */
	private static final class Waiter implements ManagedBlocker {

		private final OutcomeFuture future;

		private final boolean interruptible;

		private final long begun = System.nanoTime();

		private final long nanos;

		private volatile @Nullable Thread thread = Thread.currentThread();

		private volatile @Nullable Waiter next;

		private boolean interrupted;

		Waiter(OutcomeFuture future, boolean interruptible, long nanos) {
			this.future = future;
			this.interruptible = interruptible;
			this.nanos = nanos;
		}

		void add() {
			for (Object before = this.future.decision; before == null
					|| before instanceof Waiter; before = this.future.decision) {
				this.next = (Waiter) before;
				if (DECISION.compareAndSet(this.future, before, this)) {
					return;
				}
			}
		}

		/** Whoever looks at a future again and again must not leave a trail of these. */
		void remove() {
			this.thread = null;
			Object head = this.future.decision;
			while (head instanceof Waiter waiter && waiter.thread == null) {
				DECISION.compareAndSet(this.future, head, waiter.next);
				head = this.future.decision;
			}
			if (head instanceof Waiter waiter) {
				waiter.dropNextThatWaitNoMore();
			}
		}

		/** Two that do so at a time may leave some, and drop none that waits. */
		private void dropNextThatWaitNoMore() {
			Waiter waiter = this;
			while (waiter != null) {
				Waiter following = waiter.next;
				while (following != null && following.thread == null) {
					following = following.next;
				}
				waiter.next = following;
				waiter = following;
			}
		}

		@Override
		public boolean isReleasable() {
			if (Thread.interrupted()) {
				this.interrupted = true;
			}
			return this.future.isOver() || (this.interrupted && this.interruptible) || remaining() <= 0;
		}

		private long remaining() {
			return (this.nanos != Long.MAX_VALUE) ? this.nanos - (System.nanoTime() - this.begun) : this.nanos;
		}

		@Override
		public boolean block() {
			while (!isReleasable()) {
				if (this.nanos == Long.MAX_VALUE) {
					LockSupport.park(this.future);
				}
				else {
					LockSupport.parkNanos(this.future, remaining());
				}
			}
			return true;
		}

	}

}

package dev.cpg.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Runs one step after another in the thread of the caller, each time one of the enabled
 * ones that a seeded random chooses, by a clock of its own: the same calls with the same
 * seed lead to the same history.
 */
final class DeterministicEngine implements Engine {

	/** By how much the clock advances with a step. */
	private static final long STEP_NANOS = 10_000;

	private final Random random;

	private final Thread owner = Thread.currentThread();

	private final Timers timers = new Timers();

	/** What the application has to do. */
	private final Set<SerialTasks> served = new LinkedHashSet<>();

	private @Nullable ClusterSteps steps;

	private long now;

	DeterministicEngine(long seed) {
		this.random = new Random(seed);
	}

	@Override
	public void start(ClusterSteps steps) {
		this.steps = steps;
	}

	@Override
	public long nanoTime() {
		return this.now;
	}

	@Override
	public void execute(Runnable task) {
		requireOwner();
		task.run();
	}

	@Override
	public <T> CompletableFuture<T> newFuture() {
		return new SteppingFuture<>(this);
	}

	@Override
	public int choose(int count) {
		return this.random.nextInt(count);
	}

	@Override
	public void schedule(long time, Runnable task) {
		this.timers.add(time, task);
	}

	@Override
	public void serve(SerialTasks tasks) {
		this.served.add(tasks);
	}

	@Override
	public void signal() {
		// Whoever waits runs the steps itself.
	}

	@Override
	public boolean await(BooleanSupplier condition, long deadline) {
		requireOwner();
		while (!condition.getAsBoolean()) {
			if (this.now >= deadline || !advance(deadline)) {
				return condition.getAsBoolean();
			}
		}
		return true;
	}

	@Override
	public boolean awaitInterruptibly(BooleanSupplier condition, long deadline) throws InterruptedException {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		return await(condition, deadline);
	}

	/** Runs steps until none is enabled and no timer is left. */
	void settle() {
		await(() -> false, Long.MAX_VALUE);
	}

	/** Runs steps until the clock has advanced. */
	void advance(Duration duration) {
		await(() -> false, this.now + duration.toNanos());
	}

	/** Runs a number of steps, fewer if there are no more. */
	void run(int count) {
		requireOwner();
		for (int i = 0; i < count; i++) {
			if (!runStep()) {
				return;
			}
		}
	}

	/**
	 * Runs a step; without one, moves the clock to the next timer.
	 * @return whether there was a step or timer up to the limit
	 */
	private boolean advance(long limit) {
		if (runStep()) {
			return true;
		}
		long next = this.timers.next();
		if (next > limit || next == Timers.NEVER) {
			if (limit != Timers.NEVER) {
				this.now = Math.max(this.now, limit);
			}
			return false;
		}
		this.now = Math.max(this.now, next);
		return true;
	}

	private boolean runStep() {
		List<Step> enabled = new ArrayList<>();
		this.timers.advance(this.now);
		if (this.timers.isEnabled()) {
			enabled.add(this.timers);
		}
		if (this.steps != null) {
			this.steps.addEnabled(enabled);
		}
		this.served.removeIf(SerialTasks::isDone);
		for (SerialTasks tasks : this.served) {
			if (tasks.isEnabled()) {
				enabled.add(tasks);
			}
		}
		if (enabled.isEmpty()) {
			return false;
		}
		enabled.get(this.random.nextInt(enabled.size())).run();
		this.now += STEP_NANOS;
		return true;
	}

	/** Returns whether the calling thread is the one that runs the steps. */
	boolean isOwner() {
		return Thread.currentThread() == this.owner;
	}

	private void requireOwner() {
		if (!isOwner()) {
			throw new IllegalStateException(
					"A cluster with a seed is used by one thread, the one that started it: " + this.owner.getName());
		}
	}

	@Override
	public void close() {
		// Listeners are still notified of the end of their connections.
		await(() -> this.served.stream().allMatch(SerialTasks::isDone), Long.MAX_VALUE);
		this.steps = null;
	}

}

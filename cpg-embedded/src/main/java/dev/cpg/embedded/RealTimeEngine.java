package dev.cpg.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Runs all steps that are enabled, in turn, on one thread that sleeps while there are
 * none. What the application has to do runs on a pool.
 */
final class RealTimeEngine implements Engine {

	private static final Logger LOGGER = System.getLogger("dev.cpg.embedded");

	/**
	 * How often held-up tasks of the application are looked for while there are tasks.
	 */
	private static final long WATCH_NANOS = 20_000_000;

	private static final int CLOSE_LIMIT_MILLIS = 5000;

	private final long origin = System.nanoTime();

	private final Timers timers = new Timers();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final ApplicationThreads applicationThreads;

	private final Thread thread;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final AtomicInteger waiting = new AtomicInteger();

	private volatile boolean idle;

	private volatile boolean closed;

	/** Nothing happens any more, so nobody needs to wait. */
	private volatile boolean ended;

	private @Nullable ClusterSteps steps;

	/** When held-up tasks of the application were last looked for. */
	private long watched;

	RealTimeEngine(String name) {
		this.applicationThreads = new ApplicationThreads(name);
		this.thread = new Thread(this::run, name + "-engine");
		this.thread.setDaemon(true);
	}

	@Override
	public void start(ClusterSteps steps) {
		this.steps = steps;
		this.thread.start();
	}

	@Override
	public long nanoTime() {
		return System.nanoTime() - this.origin;
	}

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		if (this.idle) {
			LockSupport.unpark(this.thread);
		}
	}

	@Override
	public <T> CompletableFuture<T> newFuture() {
		return new CompletableFuture<>();
	}

	@Override
	public int choose(int count) {
		return ThreadLocalRandom.current().nextInt(count);
	}

	@Override
	public void schedule(long time, Runnable task) {
		this.timers.add(time, task);
	}

	@Override
	public void serve(SerialTasks tasks) {
		this.applicationThreads.serve(tasks);
	}

	private void run() {
		try {
			while (!this.closed) {
				boolean any = runTasks();
				any |= runTimers();
				if (this.steps != null) {
					any |= this.steps.runRound();
				}
				signal();
				watch();
				if (!any) {
					sleep();
				}
			}
			// Whoever had the state changed before the end waits for that.
			runTasks();
		}
		catch (Throwable ex) {
			LOGGER.log(Level.ERROR, "The embedded cluster has failed, and does nothing any more", ex);
			throw ex;
		}
		finally {
			this.closed = true;
			this.ended = true;
			signal();
		}
	}

	private boolean runTasks() {
		boolean any = false;
		for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
			task.run();
			any = true;
		}
		return any;
	}

	private boolean runTimers() {
		boolean any = false;
		this.timers.advance(nanoTime());
		while (this.timers.isEnabled()) {
			this.timers.run();
			any = true;
		}
		return any;
	}

	private void watch() {
		long now = nanoTime();
		if (now - this.watched >= WATCH_NANOS) {
			this.watched = now;
			this.applicationThreads.watch();
		}
	}

	private void sleep() {
		long next = this.timers.next();
		if (this.applicationThreads.isBusy()) {
			next = Math.min(next, this.watched + WATCH_NANOS);
		}
		this.idle = true;
		if (this.tasks.isEmpty() && !this.closed) {
			if (next != Timers.NEVER) {
				LockSupport.parkNanos(this, next - nanoTime());
			}
			else {
				LockSupport.park(this);
			}
		}
		this.idle = false;
	}

	@Override
	public void signal() {
		if (this.waiting.get() > 0) {
			this.lock.lock();
			try {
				this.changed.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	@Override
	public boolean await(BooleanSupplier condition, long deadline) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return awaitInterruptibly(condition, deadline);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public boolean awaitInterruptibly(BooleanSupplier condition, long deadline) throws InterruptedException {
		if (condition.getAsBoolean()) {
			return true;
		}
		// Before the condition is looked at: who changes it later sees the waiter.
		this.waiting.incrementAndGet();
		this.lock.lock();
		try {
			while (!condition.getAsBoolean()) {
				long remaining = deadline - nanoTime();
				if (remaining <= 0 || this.ended) {
					return false;
				}
				this.changed.awaitNanos(remaining);
			}
			return true;
		}
		finally {
			this.lock.unlock();
			this.waiting.decrementAndGet();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.thread);
		try {
			if (Thread.currentThread() != this.thread) {
				this.thread.join(CLOSE_LIMIT_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.applicationThreads.close();
	}

}

package dev.cpg.client.internal.concurrent;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * One thread for what must happen at a time and not because something arrives. All
 * connections share it. It starts with the first {@link Alarm} and ends with the last,
 * and sleeps without a limit while no alarm is set.
 * <p>
 * What an alarm runs must not block: it would hold up all connections.
 */
public final class SharedTimer {

	private static final String NAME = "cpg-timer";

	private static final long AWAKE = Long.MIN_VALUE;

	/** The timer of all connections of the class loader. */
	public static final SharedTimer SHARED = new SharedTimer();

	/** The newest alarm, linked to the others. The thread follows the links unlocked. */
	private volatile @Nullable Alarm newest;

	private volatile @Nullable Thread thread;

	/** The time until which it sleeps unless somebody wakes it. */
	private volatile long sleepsUntil = AWAKE;

	/** Creates one without a thread. */
	public SharedTimer() {
	}

	/**
	 * Runs an alarm from now on, whenever it is due.
	 * @throws OutOfMemoryError if no thread is available
	 */
	public synchronized void add(Alarm alarm) {
		if (this.thread == null) {
			start();
		}
		alarm.next(this.newest);
		this.newest = alarm;
		LockSupport.unpark(this.thread);
	}

	private void start() {
		Thread thread = new Thread(null, this::run, NAME, 0, false);
		thread.setDaemon(true);
		thread.setContextClassLoader(SharedTimer.class.getClassLoader());
		this.thread = thread;
		boolean started = false;
		try {
			thread.start();
			started = true;
		}
		finally {
			if (!started) {
				this.thread = null;
			}
		}
	}

	/**
	 * Stops running an alarm, if it was added; it may be running just now. It takes no
	 * memory. The thread may be at the alarm, whose link is cut: it begins anew.
	 */
	public synchronized void remove(Alarm removed) {
		Alarm before = null;
		Alarm alarm = this.newest;
		while (alarm != null && alarm != removed) {
			before = alarm;
			alarm = alarm.next();
		}
		if (alarm == null) {
			return;
		}
		if (before != null) {
			before.next(alarm.next());
		}
		else {
			this.newest = alarm.next();
		}
		// Who keeps a closed connection must not keep the others by it.
		removed.next(null);
		LockSupport.unpark(this.thread);
	}

	/** An alarm was set: makes the thread look at it when it is due. */
	void wakeBy(long nanoTime) {
		if (nanoTime < this.sleepsUntil) {
			LockSupport.unpark(this.thread);
		}
	}

	private void run() {
		do {
			for (Alarm alarm = this.newest; alarm != null; alarm = alarm.next()) {
				// What an alarm leaves behind must not be another one's.
				Thread.interrupted();
				alarm.runIfDue();
			}
			Thread.interrupted();
			sleep();
			this.sleepsUntil = AWAKE;
		}
		while (!end());
	}

	/**
	 * Ends the thread if there is no alarm. One that is added later starts another, so
	 * there never are two.
	 */
	private synchronized boolean end() {
		if (this.newest != null) {
			return false;
		}
		this.thread = null;
		return true;
	}

	/**
	 * Says until when it sleeps before the last look, so that an alarm which is set
	 * meanwhile is seen here or sees this.
	 */
	private void sleep() {
		long due = earliest();
		this.sleepsUntil = due;
		if (earliest() < due || this.newest == null) {
			return;
		}
		if (due == Alarm.NEVER) {
			LockSupport.park(this);
		}
		else {
			LockSupport.parkNanos(this, due - System.nanoTime());
		}
	}

	private long earliest() {
		long earliest = Alarm.NEVER;
		for (Alarm alarm = this.newest; alarm != null; alarm = alarm.next()) {
			earliest = Math.min(earliest, alarm.due());
		}
		return earliest;
	}

}

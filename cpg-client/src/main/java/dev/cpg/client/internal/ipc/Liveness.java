package dev.cpg.client.internal.ipc;

import java.time.Duration;
import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.concurrent.SharedTimer;

/**
 * Notices a daemon that hangs, whose connections stay open and say nothing. When nothing
 * has come from the daemon for a while, it is asked for next to nothing, by the timer,
 * which does not wait for the answer but looks for it again and again.
 * <p>
 * The daemon's silence counts only as far as this process runs: after a pause of the
 * process or the machine there are further looks before the connection is given up. The
 * daemon takes no requests while its ring re-forms, which takes longer than an answer, so
 * silence counts a tenth then.
 */
public final class Liveness {

	private static final Duration NEVER = Duration.ofDays(10_000);

	private static final long MIN_PAUSE_NANOS = 1_000_000;

	private static final long MAX_PAUSE_NANOS = 64_000_000;

	/** How late a look may be on a machine that is busy. */
	private static final long LATE_NANOS = 64_000_000;

	/**
	 * The daemon takes no requests while its ring re-forms, longer than an answer takes.
	 */
	public static final int RING_RE_FORMS = 10;

	private final IpcConnection connection;

	private final Request<?> question;

	private final long interval;

	private final long limit;

	private final CorosyncException silence;

	private final Alarm alarm;

	/** Whether an answer is awaited, and when it was looked for; the timer's own. */
	private boolean looking;

	private long lookedAt;

	private long pause;

	private long silent;

	/**
	 * Creates one, whose {@link #alarm()} is to be added to the timer.
	 * @param question what the daemon is asked
	 * @param interval for how long it may be silent before it is asked; zero for ever
	 * @param limit how long its answer may take
	 * @param silence ends the connection
	 * @param onFailure is notified of what fails otherwise
	 */
	public Liveness(SharedTimer timer, IpcConnection connection, Request<?> question, Duration interval, Duration limit,
			CorosyncException silence, Consumer<Throwable> onFailure) {
		this.connection = connection;
		this.question = question;
		this.interval = nanos(interval);
		this.limit = nanos(limit);
		this.silence = silence;
		this.alarm = new Alarm(timer, this::look, onFailure);
	}

	private static long nanos(Duration duration) {
		return ((duration.compareTo(NEVER) < 0) ? duration : NEVER).toNanos();
	}

	/** Returns what runs it. */
	public Alarm alarm() {
		return this.alarm;
	}

	/** Begins to look; what ends with the connection needs no end. */
	public void start() {
		if (this.interval > 0) {
			this.alarm.wakeBy(System.nanoTime() + this.interval);
		}
	}

	/** Does what is due; see {@link Alarm.Task}. */
	long look(long now) {
		if (this.connection.isEnded()) {
			return Alarm.NEVER;
		}
		if (this.connection.takeSignOfLife()) {
			this.looking = false;
			return now + this.interval;
		}
		if (!this.looking) {
			this.looking = true;
			this.lookedAt = now;
			this.pause = MIN_PAUSE_NANOS;
			this.silent = 0;
		}
		boolean takesRequests = this.connection.tryProbe(this.question);
		long counted = Math.min(now - this.lookedAt, this.pause + LATE_NANOS);
		this.silent += takesRequests ? counted : counted / RING_RE_FORMS;
		if (this.silent >= this.limit) {
			this.connection.end(this.silence);
			return Alarm.NEVER;
		}
		this.lookedAt = now;
		this.pause = Math.min(2 * this.pause, MAX_PAUSE_NANOS);
		return now + this.pause;
	}

}

package dev.cpg.spring.leadership.election;

/**
 * A clock that a test sets.
 */
final class TestClock implements ElectionClock {

	/** Begins at the first of February 2026. */
	private static final long WALL_BEGIN = 1_769_904_000_000L;

	private long nanos = Long.MAX_VALUE - 5_000_000_000L;

	private long wallShift;

	private long suspended;

	private long begin = this.nanos;

	@Override
	public long nanoTime() {
		return this.nanos;
	}

	@Override
	public long wallTime() {
		return WALL_BEGIN + (this.nanos - this.begin) / 1_000_000 + this.wallShift;
	}

	@Override
	public long suspendedTime() {
		return this.suspended;
	}

	void advanceMillis(long millis) {
		this.nanos += millis * 1_000_000;
	}

	void setWall(long wall) {
		this.wallShift += wall - wallTime();
	}

	void suspendMillis(long millis) {
		this.suspended += millis * 1_000_000;
	}

}

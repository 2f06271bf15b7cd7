package dev.cpg.spring.leadership.election;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of this machine. Linux counts the time since its start with suspensions in
 * {@code /proc/uptime}, and without them in {@link System#nanoTime()}; see
 * {@code proc_uptime(5)} and {@code clock_gettime(2)}. Elsewhere suspensions are not
 * seen.
 */
final class SystemClock implements ElectionClock {

	private static final Path UPTIME = Path.of("/proc/uptime");

	private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public long wallTime() {
		return System.currentTimeMillis();
	}

	/** Only the difference of two calls says something. */
	@Override
	public long suspendedTime() {
		try {
			String uptime = Files.readString(UPTIME, StandardCharsets.US_ASCII);
			return (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * NANOS) - System.nanoTime();
		}
		catch (IOException | RuntimeException ex) {
			return 0;
		}
	}

}

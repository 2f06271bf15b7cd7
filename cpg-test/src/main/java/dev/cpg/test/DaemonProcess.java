package dev.cpg.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A daemon as the machine's {@code /proc} shows it. It is not a child of the JVM, so its
 * death is noticed by polling. Its start time distinguishes it from a later process with
 * the same id.
 *
 * @param pid the process id on the machine
 * @param started in the kernel's ticks since boot
 */
record DaemonProcess(long pid, long started) {

	private static final int STATE = 0;

	private static final int START_TIME = 19;

	static DaemonProcess parse(String pidAndStartTime) {
		String[] numbers = pidAndStartTime.split(" ", 2);
		return new DaemonProcess(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
	}

	boolean isAlive() {
		return state().filter((state) -> !state.equals("Z") && !state.equals("X")).isPresent();
	}

	boolean isStopped() {
		return state().filter((state) -> state.equals("T")).isPresent();
	}

	private Optional<String> state() {
		return stat().filter((fields) -> Long.parseLong(fields[START_TIME]) == this.started)
			.map((fields) -> fields[STATE]);
	}

	/**
	 * The fields of {@code /proc/PID/stat} after the name, which may contain blanks and
	 * parentheses.
	 */
	private Optional<String[]> stat() {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(this.pid), "stat"));
			return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

}

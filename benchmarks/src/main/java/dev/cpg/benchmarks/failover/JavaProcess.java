package dev.cpg.benchmarks.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts a JVM with the class path of this one.
 */
final class JavaProcess {

	private JavaProcess() {
	}

	/**
	 * Starts a JVM.
	 * @param line the main class and its arguments
	 */
	static Process start(List<String> line) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
		command.addAll(Arrays.stream(System.getProperty("bench.java-options", "").split(" ", -1))
			.filter((option) -> !option.isEmpty())
			.toList());
		command.addAll(List.of("-cp", System.getProperty("java.class.path")));
		command.addAll(line);
		try {
			return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("A JVM could not be started", ex);
		}
	}

}

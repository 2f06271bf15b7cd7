package dev.cpg.boot.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A JVM of its own with this one's classpath, for what is decided once in a JVM's life.
 */
public final class ChildJvm {

	private final List<String> wrapper = new ArrayList<>();

	private final List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1"));

	private final List<String> classpath = new ArrayList<>(
			List.of(System.getProperty("java.class.path").split(File.pathSeparator)));

	/**
	 * Has the JVM started by another command.
	 */
	ChildJvm startedBy(String... command) {
		this.wrapper.addAll(Arrays.asList(command));
		return this;
	}

	/**
	 * Adds an option of the JVM.
	 */
	public ChildJvm option(String option) {
		this.options.add(option);
		return this;
	}

	ChildJvm jar(Path jar) {
		this.classpath.add(jar.toString());
		return this;
	}

	/**
	 * Adds Boot's devtools. The build puts them there; on the classpath they would
	 * restart other tests' services.
	 */
	ChildJvm withDevtools() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target", "devtools"))) {
			return jar(files.findFirst().orElseThrow().toAbsolutePath());
		}
	}

	/**
	 * Takes a module of this project, or its jar, off the classpath.
	 */
	ChildJvm without(String module) {
		assertThat(this.classpath.removeIf((entry) -> entry.contains("/" + module + "/"))).as(module).isTrue();
		return this;
	}

	/**
	 * Runs a main method until its end.
	 * @return what it printed
	 */
	public String run(Class<?> main, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(this.wrapper);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.options);
		command.addAll(List.of("-cp", String.join(File.pathSeparator, this.classpath), main.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (!process.waitFor(10, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The process does not end after it said: " + output);
			}
			return output;
		}
		finally {
			process.destroyForcibly();
		}
	}

}

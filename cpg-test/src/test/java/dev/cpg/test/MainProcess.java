package dev.cpg.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cpg.client.CpgConnector;
import org.slf4j.LoggerFactory;

/**
 * {@link CorosyncClusterMain} in a JVM of its own.
 */
final class MainProcess implements AutoCloseable {

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	/** Its output until it was ready, to be shown with a failure. */
	private final List<String> said = new ArrayList<>();

	private final Properties properties = new Properties();

	private MainProcess(Process process) {
		this.process = process;
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "main-process-" + process.pid());
		reader.setDaemon(true);
		reader.start();
	}

	static MainProcess start(String... args) throws Exception {
		return launch(java(), args).awaitReady();
	}

	static List<String> java(String... options) {
		List<String> line = new ArrayList<>(List.of(javaProgram()));
		line.addAll(List.of(options));
		line.addAll(List.of("-cp", System.getProperty("java.class.path"), CorosyncClusterMain.class.getName()));
		return line;
	}

	static MainProcess launch(List<String> command, String... args) throws IOException {
		List<String> line = new ArrayList<>(command);
		line.addAll(List.of(args));
		return new MainProcess(new ProcessBuilder(line).redirectErrorStream(true).start());
	}

	/**
	 * Copies the class path to a place that every user can read: the build's directory
	 * and the local repository may belong to root.
	 */
	static MainProcess startAsNobody(Path directory, String... args) throws Exception {
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		List<String> classPath = new ArrayList<>();
		for (Class<?> type : List.of(CorosyncCluster.class, CpgConnector.class, LoggerFactory.class)) {
			Path copy = directory.resolve(String.valueOf(classPath.size()));
			copy(location(type), copy);
			classPath.add(copy.toString());
		}
		return launch(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", javaProgram(), "-cp",
				String.join(":", classPath), CorosyncClusterMain.class.getName()), args)
			.awaitReady();
	}

	/** Copies a jar, or a directory of classes. */
	private static void copy(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : files.toList()) {
				Files.copy(file, to.resolve(from.relativize(file)));
			}
		}
	}

	private static Path location(Class<?> type) throws URISyntaxException {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
	}

	private static String javaProgram() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	private MainProcess awaitReady() throws InterruptedException {
		for (String line = line(); !line.equals("ready"); line = line()) {
			this.said.add(line);
			String[] nameAndValue = line.split("=", 2);
			if (nameAndValue.length == 2) {
				this.properties.setProperty(nameAndValue[0], nameAndValue[1]);
			}
		}
		return this;
	}

	String property(String name) {
		return this.properties.getProperty(name, "");
	}

	Path nodeDirectory(int node) {
		return Path.of(property("node." + node + ".socket-directory")).resolveSibling("");
	}

	String command(String command) throws IOException, InterruptedException {
		this.commands.write(command + "\n");
		this.commands.flush();
		return line();
	}

	String line() throws InterruptedException {
		String line = this.lines.poll(40, TimeUnit.SECONDS);
		if (line == null || line.startsWith("end of output")) {
			throw new IllegalStateException(
					"No line from the cluster's JVM: %s; before: %s".formatted(line, this.said));
		}
		return line;
	}

	Set<ProcessHandle> descendants() {
		return this.process.descendants().collect(Collectors.toSet());
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		awaitExit();
	}

	void terminate() throws InterruptedException {
		this.process.destroy();
		awaitExit();
	}

	int endInput() throws IOException, InterruptedException {
		this.commands.close();
		return awaitExit();
	}

	int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(40, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The cluster's JVM did not end");
		}
		return this.process.exitValue();
	}

	private void read() {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				this.lines.add(line);
			}
			this.lines.add("end of output");
		}
		catch (IOException ex) {
			this.lines.add("end of output: " + ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}

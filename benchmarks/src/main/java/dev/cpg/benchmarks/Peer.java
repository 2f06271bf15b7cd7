package dev.cpg.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.cpg.test.CorosyncNode;

/**
 * A process that executes the commands of {@code cpg-bench.c}, on one node. It lives as
 * long as the cluster, so that a JVM is warm when it is measured.
 */
final class Peer implements AutoCloseable {

	private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);

	/** JGroups stalls now and then, which is not to take all of the time. */
	private static final Duration JGROUPS_LIMIT = Duration.ofSeconds(20);

	private static final Duration END_LIMIT = Duration.ofSeconds(5);

	private static final String PROGRAM = "cpg-bench";

	private static final String END = "error the process has ended";

	private final String name;

	private final Duration limit;

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private Peer(String name, Duration limit, Process process) {
		this.name = name;
		this.limit = limit;
		this.process = process;
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "answers-of-" + name);
		reader.setDaemon(true);
		reader.start();
		answer("start");
	}

	static Peer start(Side side, CorosyncNode node) {
		return (side == Side.OURS) ? ours(node) : libcpg(node);
	}

	static Peer ours(CorosyncNode node, String... more) {
		List<String> line = java(JavaPeer.class, node.socketDirectory().toString());
		line.addAll(List.of(more));
		return start("ours", ANSWER_LIMIT, node,
				() -> new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
	}

	/**
	 * scripts/bench compiles the program; here it is copied to where the node sees it.
	 */
	static Peer libcpg(CorosyncNode node) {
		return start("libcpg", ANSWER_LIMIT, node, () -> {
			Path copy = node.directory().resolve(PROGRAM);
			if (!Files.exists(copy)) {
				Files.copy(Path.of(System.getProperty("bench.program")), copy);
			}
			return node.exec("/var/lib/corosync/" + PROGRAM);
		});
	}

	/**
	 * A JVM in the world of the node, whose network its members use.
	 * @param stack the file of the stack
	 * @param port the first port that its members use, if they use TCP
	 * @param addresses the nodes' addresses
	 * @param more what else the member is to know
	 */
	static Peer jGroups(CorosyncNode node, String stack, int port, List<String> addresses, String... more) {
		String hosts = addresses.stream().map((address) -> address + "[" + port + "]").collect(Collectors.joining(","));
		List<String> line = java(JGroupsPeer.class, stack, "10.77.0." + node.nodeId(), Integer.toString(port), hosts);
		line.addAll(List.of(more));
		line.add(1, "-Dbench.limit=5");
		String name = "JGroups, " + stack + ((more.length > 0) ? ", " + String.join(" ", more) : "");
		return start(name + ",", JGROUPS_LIMIT, node, () -> node.exec(line.toArray(String[]::new)));
	}

	private static Peer start(String side, Duration limit, CorosyncNode node, Start start) {
		String name = side + " on node " + node.nodeId();
		try {
			return new Peer(name, limit, start.start());
		}
		catch (IOException ex) {
			throw new BenchmarkException("Cannot start " + name + ": " + ex, ex);
		}
	}

	private static List<String> java(Class<?> main, String... arguments) {
		List<String> line = new ArrayList<>();
		line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// A heap of fixed size with all pages in memory, as in a service that has run for
		// long.
		line.addAll(List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"));
		line.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
		line.addAll(Arrays.stream(System.getProperty("bench.java-options", "").split(" ", -1))
			.filter((option) -> !option.isEmpty())
			.toList());
		line.addAll(List.of("-cp", classPath(), main.getName()));
		line.addAll(List.of(arguments));
		return line;
	}

	/** On a node the working directory is another one. */
	private static String classPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
			.map((element) -> Path.of(element).toAbsolutePath().toString())
			.collect(Collectors.joining(File.pathSeparator));
	}

	private void read() {
		try (BufferedReader in = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				// libcpg itself prints to standard error while it waits between
				// fragments.
				if (line.startsWith("ok") || line.startsWith("error")) {
					this.answers.add(line);
				}
				else if (!line.startsWith("sleep.")) {
					System.err.println("bench: " + this.name + ": " + line);
				}
			}
		}
		catch (IOException ex) {
			// The same as the end of the output.
		}
		this.answers.add(END);
	}

	/**
	 * Makes the peer execute a command, and returns the numbers of its answer by name.
	 */
	Map<String, Long> command(String command) {
		begin(command);
		return answer(command);
	}

	/** Makes the peer begin; call {@link #answer} next. */
	void begin(String command) {
		try {
			this.commands.write(command + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			throw new BenchmarkException(this.name + " has ended before '" + command + "'", ex);
		}
	}

	Map<String, Long> answer(String command) {
		String answer;
		try {
			answer = this.answers.poll(this.limit.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BenchmarkException("Interrupted while " + this.name + " was executing '" + command + "'", ex);
		}
		if (answer == null) {
			dumpThreads();
			throw new BenchmarkException(this.name + " did not answer '" + command + "' within " + this.limit, null);
		}
		if (!answer.startsWith("ok")) {
			throw new BenchmarkException(this.name + " answered '" + command + "' with: " + answer, null);
		}
		Map<String, Long> numbers = new HashMap<>();
		for (String word : answer.split(" ", -1)) {
			int equals = word.indexOf('=');
			if (equals > 0) {
				numbers.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
			}
		}
		return numbers;
	}

	/** A JVM that hangs prints where, which appears among the remarks of this peer. */
	private void dumpThreads() {
		try {
			if (this.process.info().command().orElse("").endsWith("java")) {
				new ProcessBuilder("kill", "-QUIT", Long.toString(this.process.pid())).inheritIO().start().waitFor();
				Thread.sleep(1000);
			}
		}
		catch (IOException ex) {
			System.err.println("bench: no thread dump: " + ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The process that uses the client. On a node a shell is around it, whose only child
	 * it is.
	 */
	long pid() {
		return this.process.children().findFirst().map(ProcessHandle::pid).orElse(this.process.pid());
	}

	/**
	 * The process ends with its input, so that a profiler in it has time to write its
	 * results.
	 */
	@Override
	public void close() {
		try {
			this.commands.close();
			if (this.process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
				return;
			}
		}
		catch (IOException ex) {
			// It has ended, or ends now.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
	}

	@Override
	public String toString() {
		return this.name;
	}

	/** Starts a process. */
	@FunctionalInterface
	private interface Start {

		Process start() throws IOException;

	}

}

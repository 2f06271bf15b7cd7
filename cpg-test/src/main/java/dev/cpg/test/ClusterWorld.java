package dev.cpg.test;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces that a cluster lives in, and the script that supervises them. Only the
 * script's input keeps them alive: it ends with this object or with the JVM, and then
 * everything ends.
 */
final class ClusterWorld implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(ClusterWorld.class);

	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

	private static final Duration END_LIMIT = Duration.ofSeconds(30);

	private static final List<String> SCRIPTS = List.of("world.sh", "node.sh", "daemon.sh", "shm.sh");

	private final Process supervisor;

	private final BufferedWriter commands;

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private final Queue<String> remarks = new ConcurrentLinkedQueue<>();

	private final Path directory;

	private volatile boolean closed;

	private ClusterWorld(Path temporaryDirectory) throws IOException {
		// A session of its own, so that Ctrl-C on a terminal does not stop the clean-up.
		ProcessBuilder builder = new ProcessBuilder("setsid", "sh", "-c", "eval \"$CPG_TEST_SUPERVISOR\"",
				"cpg-test-supervisor", temporaryDirectory.toString());
		builder.environment().put("CPG_TEST_SUPERVISOR", resource("supervisor.sh"));
		this.supervisor = builder.redirectErrorStream(true).start();
		this.commands = this.supervisor.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::readAnswers, "corosync-cluster-" + this.supervisor.pid());
		reader.setDaemon(true);
		reader.start();
		this.directory = Path.of(answer("make a directory"));
	}

	static ClusterWorld open() {
		ClusterWorld world = null;
		try {
			world = new ClusterWorld(temporaryDirectory());
			for (String script : SCRIPTS) {
				Files.writeString(world.directory.resolve(script), resource(script));
			}
			world.command("go");
			return world;
		}
		catch (IOException ex) {
			if (world != null) {
				world.close();
			}
			throw new CorosyncClusterException("The namespaces of the cluster could not be made: " + ex, ex);
		}
		catch (RuntimeException ex) {
			if (world != null) {
				world.close();
			}
			throw ex;
		}
	}

	/**
	 * The address of a Unix socket has room for a path of 107 bytes. A deep temporary
	 * directory leaves too little of it.
	 */
	private static Path temporaryDirectory() {
		Path configured = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
		return (configured.toString().length() <= 64) ? configured : Path.of("/tmp");
	}

	Path directory() {
		return this.directory;
	}

	/**
	 * Runs a command in the world.
	 * @param command one line, see world.sh
	 * @return the rest of the answer after "ok"
	 * @throws CorosyncClusterException if it failed or took too long
	 */
	synchronized String command(String command) {
		log.debug("{}: {}", this.directory, command);
		requireOpen();
		try {
			this.commands.write(command);
			this.commands.newLine();
			this.commands.flush();
		}
		catch (IOException ex) {
			throw new CorosyncClusterException("Cannot '" + command + "', the cluster's world has ended" + remarks(),
					ex);
		}
		return answer(command);
	}

	/**
	 * Checks that the cluster is open.
	 * @throws CorosyncClusterException if it was closed
	 */
	void requireOpen() {
		if (this.closed) {
			throw new CorosyncClusterException("The cluster has been closed");
		}
	}

	private String answer(String command) {
		// Other tests may share this world, so an interrupt must not end it.
		String answer = Waiting.uninterruptibly(ANSWER_LIMIT,
				(nanos) -> this.answers.poll(nanos, TimeUnit.NANOSECONDS));
		if (answer == null) {
			// A late answer would be taken for the answer to the next command.
			close();
			throw new CorosyncClusterException("No answer to '" + command + "' within " + ANSWER_LIMIT + remarks());
		}
		if (answer.startsWith("error")) {
			throw new CorosyncClusterException("Cannot '" + command + "': " + answer.substring(5).strip() + remarks());
		}
		return answer.substring(2).strip();
	}

	private void readAnswers() {
		try (BufferedReader reader = this.supervisor.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				if (line.startsWith("ok") || line.startsWith("error")) {
					this.answers.add(line);
				}
				else if (this.remarks.size() < 50) {
					this.remarks.add(line);
				}
			}
		}
		catch (IOException ex) {
			log.debug("{}: end of answers", this.directory, ex);
		}
		this.answers.add("error the cluster's world has ended");
	}

	private String remarks() {
		return this.remarks.isEmpty() ? "" : ". Its output: " + String.join(" ", this.remarks);
	}

	/**
	 * Ends everything in the world and removes what it put on the machine. Returns when
	 * that is done.
	 * @throws CorosyncClusterException if that takes too long; the script goes on trying
	 */
	@Override
	public void close() {
		this.closed = true;
		try {
			this.commands.close();
		}
		catch (IOException ex) {
			log.debug("{}: already ended", this.directory, ex);
		}
		boolean ended = Waiting.uninterruptibly(END_LIMIT,
				(nanos) -> this.supervisor.waitFor(nanos, TimeUnit.NANOSECONDS));
		if (!ended) {
			throw new CorosyncClusterException("The cluster in " + this.directory + ", supervised by process "
					+ this.supervisor.pid() + ", did not end within " + END_LIMIT + remarks());
		}
	}

	static String resource(String name) {
		try (@Nullable
		InputStream stream = ClusterWorld.class.getResourceAsStream(name)) {
			if (stream == null) {
				throw new IllegalStateException(
						"The resource " + name + " is missing beside " + ClusterWorld.class.getName());
			}
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

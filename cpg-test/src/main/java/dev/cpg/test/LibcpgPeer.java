package dev.cpg.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A C program that uses libcpg, running beside the daemon of a {@link CorosyncNode}, to
 * test a Java client with. It is compiled when it is first needed, which takes a C
 * compiler ({@code cc}) and libcpg's headers (Debian and Ubuntu: package
 * {@code libcpg-dev}). Any thread may call any method.
 */
public final class LibcpgPeer implements AutoCloseable {

	private static final Duration COMPILE_LIMIT = Duration.ofSeconds(60);

	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

	private static final Duration ARRIVAL_LIMIT = Duration.ofSeconds(20);

	private static final Duration ARRIVAL_INTERVAL = Duration.ofSeconds(2);

	private static final String PROGRAM = "cpg-peer";

	private static final String UNAVAILABLE = "No program with libcpg can be compiled here: %s"
			+ " (Debian and Ubuntu: packages gcc, libcpg-dev).";

	private static final Attempt.Once REASON = new Attempt.Once(() -> cc("-fsyntax-only", "-x", "c", "-"));

	private final CorosyncNode node;

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private final List<String> events = new ArrayList<>();

	private final String member;

	private LibcpgPeer(CorosyncNode node) {
		this.node = node;
		this.process = node.exec("/var/lib/corosync/" + PROGRAM);
		this.commands = this.process.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "libcpg-peer-" + this.process.pid());
		reader.setDaemon(true);
		reader.start();
		this.member = answer("start").substring("ready ".length());
	}

	/**
	 * Starts a peer on a node whose daemon runs.
	 * @param node the node
	 * @return the peer, connected and in no group
	 * @throws CorosyncClusterException if it cannot be compiled or does not reach the
	 * daemon
	 */
	public static LibcpgPeer start(CorosyncNode node) {
		synchronized (node) {
			if (!Files.exists(node.directory().resolve(PROGRAM))) {
				compile(node.directory()).ifPresent((problem) -> {
					throw new CorosyncClusterException(problem);
				});
			}
		}
		return new LibcpgPeer(node);
	}

	/**
	 * Says why no peer can be compiled on this machine. It is tried once for each JVM.
	 * @return a sentence, empty if a peer can be compiled
	 */
	public static Optional<String> unavailableReason() {
		return REASON.get();
	}

	private static Optional<String> compile(Path directory) {
		Path unfinished = directory.resolve(PROGRAM + ".unfinished");
		Optional<String> problem = cc("-O1", "-o", unfinished.toString(), "-x", "c", "-", "-lcpg").reason();
		if (problem.isEmpty()) {
			try {
				Files.move(unfinished, directory.resolve(PROGRAM));
			}
			catch (IOException ex) {
				return Optional.of("The compiled " + PROGRAM + " cannot be put in place: " + ex);
			}
		}
		return problem;
	}

	private static Attempt cc(String... arguments) {
		List<String> line = new ArrayList<>(List.of("cc", "-Wall", "-Wextra", "-pipe"));
		line.addAll(List.of(arguments));
		try {
			Process compiler = new ProcessBuilder(line).redirectErrorStream(true).start();
			try (Writer source = compiler.outputWriter(StandardCharsets.UTF_8)) {
				source.write(ClusterWorld.resource(PROGRAM + ".c"));
			}
			boolean ended = Waiting.uninterruptibly(COMPILE_LIMIT,
					(nanos) -> compiler.waitFor(nanos, TimeUnit.NANOSECONDS));
			if (!ended) {
				compiler.destroyForcibly();
				return Attempt.undecided(UNAVAILABLE.formatted("cc took longer than " + COMPILE_LIMIT));
			}
			if (compiler.exitValue() != 0) {
				String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
				return Attempt.failed(UNAVAILABLE.formatted("cc said: " + said));
			}
			return Attempt.succeeded();
		}
		catch (IOException ex) {
			return Attempt.failed(UNAVAILABLE.formatted(ex.getMessage()));
		}
	}

	/**
	 * The peer as members see it.
	 * @return node id and process id, such as {@code 2/1234}
	 */
	public String member() {
		return this.member;
	}

	/**
	 * The events of the peer so far, in order: lines that begin with {@code confchg},
	 * {@code deliver}, {@code totem} or {@code disconnected}, as described in
	 * {@code cpg-peer.c}.
	 * @return a snapshot
	 */
	public List<String> events() {
		synchronized (this.events) {
			return List.copyOf(this.events);
		}
	}

	/**
	 * Joins a group. The peer is a member once a configuration change says so.
	 * @param group its name
	 */
	public void join(String group) {
		command("join " + group);
	}

	/**
	 * Leaves the group.
	 */
	public void leave() {
		command("leave");
	}

	/**
	 * Multicasts a text. Returns when the library has accepted it.
	 * @param text one line
	 */
	public void send(String text) {
		command("send " + text);
	}

	/**
	 * Multicasts a text until it has arrived. The daemon may drop a message that libcpg
	 * has accepted, while the nodes agree on a ring or while its queue is full, and the
	 * sender is not notified. So the text is sent again every two seconds, and can arrive
	 * twice.
	 * @param text one line
	 * @param arrived whether it has arrived
	 * @throws CorosyncClusterException if it has not within 20 seconds
	 */
	public void send(String text, BooleanSupplier arrived) {
		sendUntil(arrived, "send " + text);
	}

	/**
	 * Multicasts {@link #pattern(int, int)} until it has arrived, as
	 * {@link #send(String, BooleanSupplier)} does with a text.
	 * @param bytes the number of bytes
	 * @param seed determines the bytes
	 * @param arrived whether it has arrived
	 * @throws CorosyncClusterException if it has not within 20 seconds
	 */
	public void send(int bytes, int seed, BooleanSupplier arrived) {
		sendUntil(arrived, "send-size " + bytes + " " + Integer.toUnsignedString(seed));
	}

	private void sendUntil(BooleanSupplier arrived, String command) {
		for (int i = 0; i < ARRIVAL_LIMIT.dividedBy(ARRIVAL_INTERVAL); i++) {
			command(command);
			if (Waiting.until(ARRIVAL_INTERVAL, arrived)) {
				return;
			}
		}
		throw new CorosyncClusterException("The message of '" + command + "' on node " + this.node.nodeId()
				+ " did not arrive within " + ARRIVAL_LIMIT + ". " + this.node.logTail());
	}

	/**
	 * Multicasts {@link #pattern(int, int)}. Returns when the library has accepted it.
	 * @param bytes the number of bytes
	 * @param seed determines the bytes
	 */
	public void send(int bytes, int seed) {
		command("send-size " + bytes + " " + Integer.toUnsignedString(seed));
	}

	/**
	 * Makes the peer execute a command.
	 * @param command one line, as described in {@code cpg-peer.c}
	 * @return the rest of the answer after "ok"
	 * @throws CorosyncClusterException if the answer is an error, or does not come within
	 * 20 seconds
	 */
	public synchronized String command(String command) {
		try {
			this.commands.write(command + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			throw new CorosyncClusterException("Cannot '" + command + "', " + this + " has ended. Its last events: "
					+ lastEvents() + ". " + this.node.logTail(), ex);
		}
		return answer(command);
	}

	private String answer(String command) {
		try {
			String answer = this.answers.poll(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
			if (answer != null && !answer.startsWith("error")) {
				return answer.startsWith("ok ") ? answer.substring(3) : answer;
			}
			String problem = (answer != null) ? "got '" + answer + "'" : "got no answer within " + ANSWER_LIMIT;
			if (answer == null) {
				// A late answer would be taken for the answer to the next command.
				close();
			}
			throw new CorosyncClusterException("'" + command + "' on node " + this.node.nodeId() + " " + problem
					+ ". Its last events: " + lastEvents() + ". " + this.node.logTail());
		}
		catch (InterruptedException ex) {
			close();
			Thread.currentThread().interrupt();
			throw new CorosyncClusterException("Interrupted while waiting for '" + command + "'", ex);
		}
	}

	private List<String> lastEvents() {
		List<String> all = events();
		return all.subList(Math.max(0, all.size() - 5), all.size());
	}

	private void read() {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				boolean isAnswer = line.startsWith("ok ") || line.startsWith("error ") || line.startsWith("ready ");
				if (isAnswer) {
					this.answers.add(line);
				}
				else {
					addEvent(line);
				}
			}
		}
		catch (IOException ex) {
			addEvent("unreadable " + ex.getMessage());
		}
		this.answers.add("error end of the program");
	}

	private void addEvent(String event) {
		synchronized (this.events) {
			this.events.add(event);
		}
	}

	/**
	 * Ends the program without a leave (SIGKILL): other members see PROCDOWN. Does
	 * nothing if it has ended.
	 */
	public void kill() {
		this.process.destroyForcibly();
	}

	/**
	 * Does the same as {@link #kill()}.
	 */
	@Override
	public void close() {
		kill();
	}

	@Override
	public String toString() {
		return "libcpg peer on node " + this.node.nodeId();
	}

	/**
	 * The bytes that {@link #send(int, int)} sends.
	 * @param bytes the number of bytes
	 * @param seed determines the bytes
	 * @return the bytes
	 */
	public static byte[] pattern(int bytes, int seed) {
		byte[] pattern = new byte[bytes];
		int state = seed;
		for (int i = 0; i < bytes; i++) {
			state = state * 1664525 + 1013904223;
			pattern[i] = (byte) (state >>> 24);
		}
		return pattern;
	}

	/**
	 * The checksum that a peer prints for a message (FNV-1a).
	 * @param message any bytes
	 * @return 8 hexadecimal digits
	 */
	public static String checksum(byte[] message) {
		int hash = 0x811c9dc5;
		for (byte b : message) {
			hash = (hash ^ (b & 0xff)) * 0x01000193;
		}
		return String.format("%08x", hash);
	}

}

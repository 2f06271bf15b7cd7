package dev.cpg.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.cpg.faults.member.MemberMain;
import dev.cpg.faults.member.Places;
import org.jspecify.annotations.Nullable;

/**
 * A process with a member, in a JVM of its own.
 */
final class MemberProcess {

	/** Many of them share few processors. */
	private static final List<String> OPTIONS = List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData");

	private final String name;

	private final Process process;

	private final Writer commands;

	private final Map<String, CompletableFuture<String>> questions = new ConcurrentHashMap<>();

	private volatile @Nullable String address;

	private int number;

	/** Whether its end was asked for. */
	private volatile boolean expected;

	private boolean paused;

	private boolean measured;

	private MemberProcess(String name, Process process) {
		this.name = name;
		this.process = process;
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "answers-of-" + name);
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Starts a member. It is killed when the calling thread ends, however that happens.
	 */
	static MemberProcess start(Places places) {
		List<String> line = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--",
				Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		line.addAll(OPTIONS);
		line.addAll(List.of("-cp", System.getProperty("java.class.path"), MemberMain.class.getName()));
		line.addAll(places.arguments());
		try {
			Process process = new ProcessBuilder(line)
				.redirectError(places.directory().resolve(places.name() + ".log").toFile())
				.start();
			return new MemberProcess(places.name(), process);
		}
		catch (IOException ex) {
			throw new FaultsException("A member cannot be started: " + ex, ex);
		}
	}

	private void read() {
		try (BufferedReader in = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				int blank = line.indexOf(' ');
				String first = line.substring(0, blank);
				String rest = line.substring(blank + 1);
				if (first.equals("member")) {
					this.address = rest;
				}
				else {
					CompletableFuture<String> question = this.questions.remove(first);
					if (question != null) {
						question.complete(rest);
					}
				}
			}
		}
		catch (IOException ex) {
			// The same as the end of the output.
		}
		this.questions.values().forEach((question) -> question.cancel(false));
	}

	String name() {
		return this.name;
	}

	/** Returns the member's address, {@code null} if it has not joined yet. */
	@Nullable String address() {
		return this.address;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/** Whether its end was asked for, and it is still there. */
	boolean isEnding() {
		return this.expected && isAlive();
	}

	boolean isPaused() {
		return this.paused && isAlive();
	}

	/** Whether it does what it is asked for. */
	boolean isActive() {
		return isAlive() && !this.paused && !this.expected;
	}

	/** Whether it has ended although nobody wanted that. */
	boolean hasFailed() {
		return !this.expected && !isAlive();
	}

	/** Returns whether this is the first call. */
	boolean measureFirst() {
		boolean first = !this.measured;
		this.measured = true;
		return first;
	}

	/** Has the member do something, and does not wait. */
	CompletableFuture<String> command(String command) {
		CompletableFuture<String> question = new CompletableFuture<>();
		this.number++;
		this.questions.put(Integer.toString(this.number), question);
		try {
			this.commands.write(this.number + " " + command + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			question.cancel(false);
		}
		return question;
	}

	/** Returns the answer to a command, {@code null} if there is none in time. */
	@Nullable String ask(String command, Duration limit) {
		return answer(command(command), limit);
	}

	static @Nullable String answer(CompletableFuture<String> question, Duration limit) {
		try {
			return question.get(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (CancellationException | ExecutionException | TimeoutException ex) {
			return null;
		}
	}

	void kill() {
		this.expected = true;
		this.process.destroyForcibly();
		await(Duration.ofSeconds(10));
	}

	void pause() {
		signal("STOP");
		this.paused = true;
	}

	void resume() {
		if (isPaused()) {
			signal("CONT");
		}
		this.paused = false;
	}

	private void signal(String signal) {
		try {
			new ProcessBuilder("kill", "-" + signal, Long.toString(this.process.pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new FaultsException("Cannot send SIG" + signal + ": " + ex, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Has the member leave and end, and does not wait. */
	void end() {
		this.expected = true;
		var unused = command("end");
	}

	/** Returns whether the process has ended. */
	boolean await(Duration limit) {
		try {
			return this.process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public String toString() {
		return this.name + ((this.address != null) ? " (" + this.address + ")" : "");
	}

}

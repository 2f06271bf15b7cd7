package dev.cpg.spring.leadership;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;

/**
 * A JVM with a leader, which can be stopped in the middle of its transaction. Both sides
 * talk in lines.
 */
final class LeaderProcess implements AutoCloseable {

	static final String BEGUN = "begun";

	static final String COMMITTED = "committed";

	private static final String SAYS = "leader: ";

	private final Process process;

	private final BufferedReader output;

	private final Writer input;

	private LeaderProcess(Process process) {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
		this.input = process.outputWriter(StandardCharsets.UTF_8);
	}

	static LeaderProcess start(Class<?> main, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(arguments));
		return new LeaderProcess(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
	}

	/**
	 * Stops it by SIGSTOP when it has written.
	 */
	void stopInTransaction() throws IOException, InterruptedException {
		String said = said();
		if (!said.equals(BEGUN)) {
			throw new IllegalStateException("It said: " + said);
		}
		signal("STOP");
		Awaitility.await()
			.until(() -> Files.readString(Path.of("/proc", Long.toString(this.process.pid()), "status"))
				.contains("State:\tT"));
	}

	/**
	 * Lets it go on to the end of its transaction.
	 * @return what became of it
	 */
	String wake() throws IOException, InterruptedException {
		hear("");
		signal("CONT");
		return said();
	}

	/** Has it read a line. */
	void hear(String line) throws IOException {
		this.input.write(line + "\n");
		this.input.flush();
	}

	/** Waits for what it says beside its log. */
	String said() throws IOException {
		String line = this.output.readLine();
		while (line != null && !line.startsWith(SAYS)) {
			line = this.output.readLine();
		}
		return (line != null) ? line.substring(SAYS.length()) : "nothing";
	}

	private void signal(String name) throws IOException, InterruptedException {
		new ProcessBuilder("kill", "-" + name, Long.toString(this.process.pid())).start().waitFor();
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

	// Within the process

	static void say(String text) {
		System.out.println(SAYS + text);
	}

	/** Says what became of a transaction. */
	static void attempt(Runnable transaction) {
		try {
			transaction.run();
			say(COMMITTED);
		}
		catch (RuntimeException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			say("refused: " + cause.toString().replaceAll("\\R", " "));
		}
	}

	/** Returns the next line, which the other side writes when it wants to. */
	static String readLine() {
		StringBuilder line = new StringBuilder();
		try {
			for (int character = System.in.read(); character >= 0 && character != '\n'; character = System.in.read()) {
				line.append((char) character);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return line.toString();
	}

}

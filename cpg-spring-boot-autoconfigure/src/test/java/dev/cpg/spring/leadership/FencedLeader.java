package dev.cpg.spring.leadership;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A leader in a JVM of its own, which can be stopped in the middle of its transaction.
 */
final class FencedLeader implements AutoCloseable {

	private static final String SAYS = "leader: ";

	private static final String BEGUN = "begun";

	private final Process process;

	private final BufferedReader output;

	private FencedLeader(Process process) {
		this.process = process;
		this.output = process.inputReader(StandardCharsets.UTF_8);
	}

	/**
	 * Starts a leader that writes an invoice with the number 1 in a transaction.
	 */
	static FencedLeader start(String url, long token, Check check) throws IOException {
		return new FencedLeader(new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), FencedLeader.class.getName(),
				url, Long.toString(token), check.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start());
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
		this.process.getOutputStream().write('\n');
		this.process.getOutputStream().flush();
		signal("CONT");
		return said();
	}

	/** Waits for what it says beside its log. */
	private String said() throws IOException {
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

	public static void main(String[] arguments) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(arguments[0]);
		GrantedLeadership leadership = new GrantedLeadership("billing").granted(Long.parseLong(arguments[1]));
		Check check = Check.valueOf(arguments[2]);
		CpgJdbcFence fence = new CpgJdbcFence(dataSource);
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		try {
			leadership.runIfLeader(() -> transaction.executeWithoutResult((status) -> {
				if (check == Check.FIRST) {
					fence.check(CpgLeadership.currentToken());
				}
				jdbc.update("INSERT INTO invoice VALUES (1)");
				say(BEGUN);
				awaitLine();
				if (check == Check.LAST) {
					fence.check(CpgLeadership.currentToken());
				}
			}));
			say("committed");
		}
		catch (RuntimeException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			say("refused: " + cause.toString().replaceAll("\\R", " "));
		}
	}

	private static void say(String text) {
		System.out.println(SAYS + text);
	}

	private static void awaitLine() {
		try {
			while (System.in.read() != '\n') {
				// The other side says when.
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** When it checks its token. */
	enum Check {

		/** Before it writes, as it should. */
		FIRST,

		/** Just before the commit. */
		LAST

	}

}

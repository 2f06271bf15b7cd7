package dev.cpg.benchmarks.failover;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The process of a candidate.
 */
final class CandidateProcess implements AutoCloseable {

	private static final int LIMIT_SECONDS = 60;

	private final int place;

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<Grant> grants;

	private final BlockingQueue<Long> answers = new LinkedBlockingQueue<>();

	private volatile long noticed;

	/**
	 * Starts it, and returns when it takes part.
	 * @param grants gets its grants
	 */
	CandidateProcess(Side side, int place, List<String> arguments, BlockingQueue<Grant> grants) {
		List<String> line = new ArrayList<>(List.of(CandidateMain.class.getName(), side.name()));
		line.addAll(arguments);
		this.place = place;
		this.grants = grants;
		this.process = JavaProcess.start(line);
		this.commands = this.process.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "output-of-" + side + "-" + place);
		reader.setDaemon(true);
		reader.start();
		answer();
	}

	private void read() {
		try (BufferedReader in = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				String[] words = line.split(" ", -1);
				switch (words[0]) {
					case "granted" -> this.grants.add(new Grant(this, Long.parseLong(words[1])));
					case "noticed" -> this.noticed = Long.parseLong(words[1]);
					case "in", "yielded" -> this.answers.add(Long.valueOf(words[1]));
					default -> {
						// What JGroups says of itself.
					}
				}
			}
		}
		catch (IOException ex) {
			// It was killed.
		}
	}

	private long answer() {
		try {
			Long answer = this.answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
			if (answer == null) {
				throw new IllegalStateException("A candidate does not take part within " + LIMIT_SECONDS + " s");
			}
			return answer;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** When it last noticed that there was no leader, 0 if it never said so. */
	long noticed() {
		return this.noticed;
	}

	int place() {
		return this.place;
	}

	/**
	 * Kills it.
	 * @return the time right before
	 */
	long kill() {
		long now = System.nanoTime();
		this.process.destroyForcibly();
		return now;
	}

	/**
	 * Makes it give the leadership up.
	 * @return the time right before
	 */
	long giveUp() {
		try {
			this.commands.write("yield\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			throw new IllegalStateException("A candidate has ended", ex);
		}
		return answer();
	}

	/** Waits until it takes part again. */
	void awaitIn() {
		answer();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * A candidate leads.
	 *
	 * @param candidate which one
	 * @param nanos when it was notified of that
	 */
	record Grant(CandidateProcess candidate, long nanos) {

	}

}

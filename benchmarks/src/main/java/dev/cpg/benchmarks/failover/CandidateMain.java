package dev.cpg.benchmarks.failover;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The main class of a candidate's process. It prints {@code in} when it takes part,
 * {@code granted}, {@code noticed} and {@code yielded} with a time of
 * {@link System#nanoTime()}, which all processes of a machine share, and gives the
 * leadership up with each line of its input.
 */
public final class CandidateMain {

	private static final long LOOK_MILLIS = 5;

	private CandidateMain() {
	}

	/**
	 * Runs until the end of the input.
	 * @param args the side, and where its candidates meet
	 * @throws Exception if anything fails; the benchmark is over then
	 */
	public static void main(String[] args) throws Exception {
		Candidate candidate = Side.valueOf(args[0])
			.candidate(Arrays.copyOfRange(args, 1, args.length), () -> print("granted", System.nanoTime()),
					() -> print("noticed", System.nanoTime()));
		BlockingQueue<String> commands = new LinkedBlockingQueue<>();
		Thread reader = new Thread(() -> read(commands), "commands");
		reader.setDaemon(true);
		reader.start();
		awaitIn(candidate);
		while (true) {
			commands.take();
			print("yielded", System.nanoTime());
			candidate.giveUp();
			awaitIn(candidate);
		}
	}

	private static void awaitIn(Candidate candidate) throws Exception {
		while (!candidate.isIn()) {
			Thread.sleep(LOOK_MILLIS);
		}
		print("in", 0);
	}

	private static void read(BlockingQueue<String> commands) {
		try (Scanner in = new Scanner(System.in, StandardCharsets.UTF_8)) {
			while (in.hasNextLine()) {
				commands.add(in.nextLine());
			}
		}
		// Nobody waits for what still runs.
		Runtime.getRuntime().halt(0);
	}

	private static void print(String what, long nanos) {
		synchronized (System.out) {
			System.out.println(what + " " + nanos);
		}
	}

}

package dev.cpg.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;

/**
 * Executes the commands described in {@code cpg-bench.c} for a member in this JVM, and
 * answers them in the same form. The member connects when it joins; until then this is a
 * JVM like any other.
 */
final class Commands {

	private final Member member;

	private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();

	private final Tally tally = new Tally();

	private final Usage usage = new Usage();

	private @Nullable Outlet outlet;

	Commands(Member member) {
		this.member = member;
	}

	/** Runs until the end of the input; if anything fails, the benchmark is over. */
	void run() throws Exception {
		Thread reader = new Thread(this::read, "commands");
		reader.setDaemon(true);
		reader.start();
		System.out.println("ok");
		while (true) {
			System.out.println(execute(this.commands.take()));
		}
	}

	private void read() {
		try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				this.commands.add(line);
			}
		}
		catch (IOException ex) {
			// The same as the end of the input.
		}
		// Nobody waits for what still runs.
		System.exit(0);
	}

	private String execute(String line) throws Exception {
		String[] words = line.split(" ", -1);
		return switch (words[0]) {
			case "join" -> join(words[1]);
			case "throughput" -> sender().throughput(Integer.parseInt(words[1]), Long.parseLong(words[2]));
			case "flood" -> sender().flood(Integer.parseInt(words[1]), () -> !this.commands.isEmpty());
			case "mark" -> {
				outlet().multicast(new byte[0]).join();
				yield "ok";
			}
			case "receive" -> receive();
			case "ping" -> new Pinger(outlet(), this.tally).ping(Integer.parseInt(words[1]));
			case "connect" -> this.member.connect(Integer.parseInt(words[1]));
			case "idle" -> idle(Long.parseLong(words[1]));
			default -> throw new IllegalArgumentException("No such command: " + line);
		};
	}

	private String join(String group) throws Exception {
		this.outlet = this.member.join(group, this.tally);
		return "ok";
	}

	private Outlet outlet() {
		Outlet joined = this.outlet;
		if (joined == null) {
			throw new IllegalStateException("Not joined");
		}
		return joined;
	}

	private Sender sender() {
		return new Sender(outlet(), this.tally, this.usage);
	}

	private String receive() throws InterruptedException {
		Usage.Snapshot before = this.usage.now();
		Tally.Received received = this.tally.receiveUntilMarked();
		Usage.Snapshot used = this.usage.now().minus(before);
		return "ok messages=%d elapsed_ns=%d cpu_ns=%d receiver_bytes=%d".formatted(received.messages(),
				received.elapsedNanos(), used.processNanos(), used.connectionBytes());
	}

	private String idle(long millis) throws InterruptedException {
		Usage.Snapshot before = this.usage.now();
		Thread.sleep(millis);
		Usage.Snapshot used = this.usage.now().minus(before);
		return "ok cpu_ns=%d threads_cpu_ns=%d".formatted(used.processNanos(), used.connectionNanos());
	}

	/** What executes the commands in which sides differ. */
	interface Member {

		/**
		 * Joins a group.
		 * @param tally is to be notified of all messages
		 */
		Outlet join(String group, Tally tally) throws Exception;

		/** Connects and joins so many times. */
		default String connect(int count) {
			throw new UnsupportedOperationException("connect");
		}

	}

}

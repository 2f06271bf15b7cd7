package dev.cpg.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.corosync.CorosyncConnector;
import org.jspecify.annotations.Nullable;

/**
 * Our side of the benchmark, in a JVM of its own: a member of a group that executes the
 * commands described in {@code cpg-bench.c}, and answers them in the same form. It
 * connects when it joins; until then it is a JVM like any other.
 */
public final class JavaPeer {

	static final String CONNECTION_NAME = "bench";

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final Path socketDirectory;

	private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();

	private final Tally tally = new Tally();

	private final Usage usage = new Usage();

	private @Nullable CpgConnection connection;

	private JavaPeer(Path socketDirectory) {
		this.socketDirectory = socketDirectory;
	}

	/**
	 * Runs until the end of the input.
	 * @param args the directory of the daemon's sockets
	 * @throws Exception if anything fails; the benchmark is over then
	 */
	public static void main(String[] args) throws Exception {
		JavaPeer peer = new JavaPeer(Path.of(args[0]));
		Thread reader = new Thread(peer::read, "commands");
		reader.setDaemon(true);
		reader.start();
		System.out.println("ok");
		while (true) {
			System.out.println(peer.execute(peer.commands.take()));
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
				connection().multicast(new byte[0]).join();
				yield "ok";
			}
			case "receive" -> receive();
			case "ping" -> new Pinger(connection(), this.tally).ping(Integer.parseInt(words[1]));
			case "connect" -> Connects.measure(connector("connect"), Integer.parseInt(words[1]));
			case "idle" -> idle(Long.parseLong(words[1]));
			default -> throw new IllegalArgumentException("No such command: " + line);
		};
	}

	private String join(String group) {
		this.connection = connector(CONNECTION_NAME).connect(this.tally);
		this.connection.join(CpgGroupName.of(group), LIMIT);
		return "ok";
	}

	private CpgConnection connection() {
		CpgConnection joined = this.connection;
		if (joined == null) {
			throw new IllegalStateException("Not joined");
		}
		return joined;
	}

	private Sender sender() {
		return new Sender(connection(), this.tally, this.usage);
	}

	private CorosyncConnector connector(String name) {
		return CorosyncConnector.builder()
			.name(name)
			.socketDirectory(this.socketDirectory)
			.requestTimeout(LIMIT)
			.sendTimeout(LIMIT)
			.build();
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

}

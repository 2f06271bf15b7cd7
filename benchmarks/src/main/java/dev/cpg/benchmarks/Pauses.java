package dev.cpg.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.test.CorosyncCluster;

/**
 * Stops a client that sends at full speed, at random instants, and checks that the daemon
 * goes on answering others.
 */
final class Pauses {

	private static final Duration TOKEN = Duration.ofSeconds(5);

	private static final long PAUSE_MILLIS = 350;

	/** An answer that takes longer is a stall of the daemon. */
	private static final double STALL_MILLIS = 300;

	private static final int MAX_RUN_MILLIS = 30;

	/** A stalled daemon answers once it goes on. The limit is long enough to see that. */
	private static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);

	private static final CpgGroupName GROUP = CpgGroupName.of("observer");

	private static final int MESSAGE_SIZE = 64;

	private final CpgConnection observer;

	/** Without, what is measured is the machine. */
	private final boolean stops;

	private final Random random = new Random();

	private int stalls;

	private double slowestMillis;

	private Pauses(CpgConnection observer, boolean stops) {
		this.observer = observer;
		this.stops = stops;
	}

	static void run(int count) {
		try (CorosyncCluster cluster = Clusters.start(CorosyncCluster.builder().nodes(1).token(TOKEN))) {
			for (Side side : new Side[] { Side.LIBCPG, Side.OURS }) {
				System.err.println("bench: " + count + " pauses of " + side);
				measure(side, cluster, count, true).print(side.toString());
			}
			System.err.println("bench: " + count + " times without a pause");
			measure(Side.OURS, cluster, count, false).print("control");
			System.out.println("pauses.count=" + count);
		}
	}

	private void print(String series) {
		System.out.println("pauses." + series + ".stalls=" + this.stalls);
		System.out.println("pauses." + series + ".max_ms=" + Math.round(this.slowestMillis));
	}

	private static Pauses measure(Side side, CorosyncCluster cluster, int count, boolean stops) {
		CorosyncConnector connector = CorosyncConnector.builder()
			.name("observer")
			.socketDirectory(cluster.node(1).socketDirectory())
			.requestTimeout(REQUEST_LIMIT)
			.build();
		try (CpgConnection connection = connector.connect(new CpgListener() {
		}); Peer peer = Peer.start(side, cluster.node(1))) {
			Pauses pauses = new Pauses(connection, stops);
			pauses.measure(peer, count);
			return pauses;
		}
		catch (IOException ex) {
			throw new BenchmarkException("A signal cannot be sent: " + ex, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BenchmarkException("Interrupted", ex);
		}
	}

	private void measure(Peer peer, int count) throws IOException, InterruptedException {
		peer.command("join pauses");
		String flood = "flood " + MESSAGE_SIZE;
		peer.command("throughput " + MESSAGE_SIZE + " 2000");
		peer.begin(flood);
		for (int i = 0; i < count; i++) {
			// The pauses of all runs together hit all phases of the sender's work.
			Thread.sleep(this.random.nextInt(MAX_RUN_MILLIS), this.random.nextInt(1_000_000));
			double slowest = slowestAnswerWhileStopped(peer.pid());
			this.slowestMillis = Math.max(this.slowestMillis, slowest);
			if (slowest > STALL_MILLIS) {
				this.stalls++;
			}
		}
		peer.begin("idle 0");
		Map<String, Long> sent = peer.answer(flood);
		long messages = sent.getOrDefault("messages", 0L);
		System.err.println("bench: " + peer + " sent " + messages + " messages between the pauses");
		if (messages < 100L * count) {
			throw new BenchmarkException(peer + " hardly sent anything, so the pauses show nothing", null);
		}
	}

	/**
	 * A stalled daemon answers nobody, this thread included, so another thread resumes
	 * the client.
	 */
	private double slowestAnswerWhileStopped(long pid) throws IOException, InterruptedException {
		signalIfStopping(pid, "STOP");
		CompletableFuture<Void> resumed = CompletableFuture.runAsync(() -> resumeLater(pid));
		long slowest = 0;
		do {
			long start = System.nanoTime();
			this.observer.membership(GROUP);
			slowest = Math.max(slowest, System.nanoTime() - start);
		}
		while (!resumed.isDone());
		resumed.join();
		return slowest / 1e6;
	}

	private void resumeLater(long pid) {
		try {
			Thread.sleep(PAUSE_MILLIS);
			signalIfStopping(pid, "CONT");
		}
		catch (IOException ex) {
			throw new BenchmarkException("A signal cannot be sent: " + ex, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void signalIfStopping(long pid, String signal) throws IOException, InterruptedException {
		if (this.stops) {
			signal(pid, signal);
		}
	}

	private static void signal(long pid, String signal) throws IOException, InterruptedException {
		Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).inheritIO().start();
		if (kill.waitFor() != 0) {
			throw new IOException("kill -" + signal + " " + pid + " failed");
		}
	}

}

package dev.cpg.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgReason;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncClusterException;

/**
 * The effect of Corosync's settings on the throughput of one sender of our side on three
 * nodes, and on the time until a node's death is reported.
 */
final class Tuning {

	private static final Duration TOKEN = Duration.ofSeconds(5);

	private static final List<Integer> SIZES = List.of(64, 1000, 8192, 65536);

	private static final int RUNS = 5;

	private static final int RUN_MILLIS = 500;

	private static final int COMPILE_MILLIS = 3000;

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final CpgGroupName GROUP = CpgGroupName.of("tuning");

	private Tuning() {
	}

	static void run() {
		for (int token : List.of(1000, 3000, 5000, 10_000)) {
			System.out.printf(Locale.ROOT, "tuning.detection.token-%d=%.2f%n", token,
					detectionSeconds(Duration.ofMillis(token)));
		}
		throughput("knet", CorosyncCluster.Transport.KNET, Map.of());
		throughput("knet.window_size-25", CorosyncCluster.Transport.KNET, Map.of("totem.window_size", "25"));
		throughput("knet.window_size-150", CorosyncCluster.Transport.KNET, Map.of("totem.window_size", "150"));
		throughput("knet.window_size-300", CorosyncCluster.Transport.KNET, Map.of("totem.window_size", "300"));
		throughput("knet.max_messages-50", CorosyncCluster.Transport.KNET, Map.of("totem.max_messages", "50"));
		throughput("knet.window_size-300.max_messages-100", CorosyncCluster.Transport.KNET,
				Map.of("totem.window_size", "300", "totem.max_messages", "100"));
		throughput("knet.netmtu-8192", CorosyncCluster.Transport.KNET, Map.of("totem.netmtu", "8192"));
		throughput("knet.netmtu-1500", CorosyncCluster.Transport.KNET, Map.of("totem.netmtu", "1500"));
		throughput("udpu", CorosyncCluster.Transport.UDPU, Map.of());
		throughput("udpu.netmtu-8982", CorosyncCluster.Transport.UDPU, Map.of("totem.netmtu", "8982"));
		throughput("knet.token-1000", CorosyncCluster.Transport.KNET, Map.of("totem.token", "1000"));
	}

	/** Measures from a kill -9 of a daemon until a member on another node is notified. */
	private static double detectionSeconds(Duration token) {
		try (CorosyncCluster cluster = Clusters.start(CorosyncCluster.builder().nodes(3).token(token))) {
			CompletableFuture<Long> reported = new CompletableFuture<>();
			try (CpgConnection watcher = join(cluster, 1, reported);
					CpgConnection victim = join(cluster, 3, reported)) {
				if (!victim.isOpen() || !watcher.isOpen()) {
					throw new BenchmarkException("A connection ended before the node was killed", null);
				}
				long start = System.nanoTime();
				cluster.node(3).kill();
				return (reported.get(LIMIT.toSeconds(), TimeUnit.SECONDS) - start) / 1e9;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new BenchmarkException("Interrupted", ex);
			}
			catch (ExecutionException | TimeoutException ex) {
				throw new BenchmarkException("The death of a node was not reported: " + ex, ex);
			}
		}
	}

	private static CpgConnection join(CorosyncCluster cluster, int node, CompletableFuture<Long> reported) {
		CpgConnection connection = CorosyncConnector.builder()
			.socketDirectory(cluster.node(node).socketDirectory())
			.build()
			.connect(new CpgListener() {

				@Override
				public void configurationChanged(CpgConfigurationChange change) {
					if (change.left().stream().anyMatch((member) -> member.reason() == CpgReason.NODEDOWN)) {
						reported.complete(System.nanoTime());
					}
				}

			});
		connection.join(GROUP, LIMIT);
		return connection;
	}

	/**
	 * Not every setting works on every machine: a failure is printed, and the next one is
	 * tried.
	 */
	private static void throughput(String name, CorosyncCluster.Transport transport, Map<String, String> settings) {
		try {
			measure(name, transport, settings);
		}
		catch (BenchmarkException | CorosyncClusterException ex) {
			System.out.println("tuning." + name + "=failed");
			System.err.println("bench: " + name + ": " + ex.getMessage());
		}
	}

	private static void measure(String name, CorosyncCluster.Transport transport, Map<String, String> settings) {
		CorosyncCluster.Builder builder = CorosyncCluster.builder().nodes(3).token(TOKEN).transport(transport);
		new TreeMap<>(settings).forEach(builder::setting);
		try (CorosyncCluster cluster = Clusters.start(builder); Peer peer = Peer.start(Side.OURS, cluster.node(1))) {
			peer.command("join tuning");
			peer.command("throughput 64 " + COMPILE_MILLIS);
			for (int size : SIZES) {
				print("tuning.throughput." + name + "." + size, throughput(peer, size));
			}
			peer.command("ping 100");
			print("tuning.roundtrip." + name, peer.command("ping 200").getOrDefault("p50_ns", 0L) / 1000.0);
		}
	}

	private static double throughput(Peer peer, int size) {
		Figure figure = new Figure();
		for (int run = 0; run < RUNS; run++) {
			Map<String, Long> answer = peer.command("throughput " + size + " " + RUN_MILLIS);
			figure.add(answer.getOrDefault("messages", 0L) * 1e9 / answer.getOrDefault("elapsed_ns", 1L));
		}
		return figure.median();
	}

	private static void print(String name, double value) {
		System.out.printf(Locale.ROOT, "%s=%.0f%n", name, value);
	}

}

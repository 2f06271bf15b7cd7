package dev.cpg.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import dev.cpg.test.CorosyncCluster;

/**
 * One case of one side, second by second, for use with a profiler.
 */
final class One {

	private One() {
	}

	static void run(String[] args) {
		Side side = Side.valueOf(args[1].toUpperCase(Locale.ROOT));
		int nodes = Integer.parseInt(args[2]);
		int seconds = Integer.parseInt(args[4]);
		try (CorosyncCluster cluster = Clusters
			.start(CorosyncCluster.builder().nodes(nodes).token(Duration.ofSeconds(5)).mtu(Clusters.MTU));
				Peer peer = Peer.start(side, cluster.node(1))) {
			peer.command("join one");
			for (int second = 0; second < seconds; second++) {
				Load before = Load.of(cluster);
				Map<String, Long> answer = peer.command("throughput " + args[3] + " 1000");
				Load.Share share = Load.of(cluster).since(before);
				double messages = answer.getOrDefault("messages", 0L);
				System.out.printf(Locale.ROOT,
						"%s pid %d: %,.0f messages/s, %.2f us/message, busiest daemon %.2f, all %.2f, machine %.2f%n",
						side, peer.pid(), messages * 1e9 / answer.getOrDefault("elapsed_ns", 1L),
						answer.getOrDefault("cpu_ns", 0L) / messages / 1000, share.busiestDaemon(), share.daemons(),
						share.machine());
			}
		}
	}

}

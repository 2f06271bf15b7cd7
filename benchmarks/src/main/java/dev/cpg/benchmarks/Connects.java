package dev.cpg.benchmarks;

import java.time.Duration;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.corosync.CorosyncConnector;

/**
 * Connects and joins again and again.
 */
final class Connects {

	private static final CpgGroupName GROUP = CpgGroupName.of("connect-ours");

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private Connects() {
	}

	static String measure(CorosyncConnector connector, int count) {
		long[] connects = new long[count];
		long[] joins = new long[count];
		for (int i = 0; i < count; i++) {
			long start = System.nanoTime();
			try (CpgConnection connection = connector.connect(new CpgListener() {
			})) {
				long connected = System.nanoTime();
				connects[i] = connected - start;
				connection.join(GROUP, LIMIT);
				joins[i] = System.nanoTime() - connected;
			}
		}
		return "ok connect_ns=%d join_ns=%d".formatted(Pinger.percentile(connects, 0.5), Pinger.percentile(joins, 0.5));
	}

}

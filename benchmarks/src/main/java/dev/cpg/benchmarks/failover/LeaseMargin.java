package dev.cpg.benchmarks.failover;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;

/**
 * What the lease rests on: a ring without the leader's node forms no sooner than one
 * consensus timeout after the beginning of the lease. Daemons of leaders are stopped at
 * random moments; the margin is how much later than that the other nodes have a ring.
 */
public final class LeaseMargin {

	private static final int NODES = 3;

	/** The shorter, the more a ring's other delays would show. */
	private static final Duration TOKEN = Duration.ofSeconds(1);

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final CpgGroupName GROUP = CpgGroupName.of("observer");

	private static final int LOOK_MILLIS = 5;

	private final CorosyncCluster cluster;

	private final List<CpgCandidate> candidates = new ArrayList<>();

	private final Duration consensus;

	private final Random random = new Random();

	private LeaseMargin(CorosyncCluster cluster) throws Exception {
		this.cluster = cluster;
		Duration known = cluster.node(1).connector().clusterSettings().get().consensus();
		if (known == null) {
			throw new IllegalStateException("The consensus timeout is not known");
		}
		this.consensus = known;
		cluster.nodes()
			.forEach((node) -> this.candidates.add(new CpgCandidate(node.socketDirectory().toString(), () -> {
			}, () -> {
			})));
	}

	/**
	 * Measures, and prints the figures.
	 * @param count how many daemons are stopped
	 * @param out where to
	 */
	public static void run(int count, PrintStream out) {
		try (CorosyncCluster cluster = CorosyncCluster.builder().nodes(NODES).token(TOKEN).start()) {
			LeaseMargin lease = new LeaseMargin(cluster);
			Times margins = new Times();
			Times afterLease = new Times();
			for (int i = 0; i < count; i++) {
				lease.stopOne(margins, afterLease);
			}
			lease.candidates.forEach(CpgCandidate::close);
			out.printf(Locale.ROOT, "lease.consensus_ms=%d%n", lease.consensus.toMillis());
			out.printf(Locale.ROOT, "lease.stops=%d%n", margins.count());
			out.printf(Locale.ROOT, "lease.margin.min_ms=%.1f%n", margins.percentile(0));
			out.printf(Locale.ROOT, "lease.margin.p50_ms=%.1f%n", margins.percentile(0.5));
			out.printf(Locale.ROOT, "lease.after_end.min_ms=%.1f%n", afterLease.percentile(0));
		}
		catch (Exception ex) {
			throw new IllegalStateException("The lease cannot be measured: " + ex, ex);
		}
	}

	private void stopOne(Times margins, Times afterLease)
			throws InterruptedException, ExecutionException, TimeoutException {
		int leader = awaitLeader();
		CorosyncNode node = this.cluster.node(leader + 1);
		CompletableFuture<Long> formed = new CompletableFuture<>();
		try (CpgConnection first = observe(leader + 1, formed); CpgConnection second = observe(leader + 2, formed)) {
			Thread.sleep(this.random.nextInt((int) this.consensus.toMillis()), this.random.nextInt(1_000_000));
			node.pause();
			long end = lastLeaseEnd(this.candidates.get(leader));
			long ring = formed.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
			// The lease is half of the consensus timeout.
			long begin = end - this.consensus.toNanos() / 2;
			margins.add(ring - begin - this.consensus.toNanos());
			afterLease.add(ring - end);
			if (!first.isOpen() || !second.isOpen()) {
				throw new IllegalStateException("The connection of an observer has ended");
			}
		}
		finally {
			node.resume();
		}
		this.cluster.awaitFormed(LIMIT);
	}

	private int awaitLeader() throws InterruptedException {
		while (true) {
			for (int i = 0; i < NODES; i++) {
				if (this.candidates.get(i).leadership().isLeader()) {
					return i;
				}
			}
			Thread.sleep(LOOK_MILLIS);
		}
	}

	/** A renewal that was delivered just before the stop may still be under way. */
	private static long lastLeaseEnd(CpgCandidate candidate) throws InterruptedException {
		long last = 0;
		for (OptionalLong end = candidate.leaseEnd(); end.isPresent(); end = candidate.leaseEnd()) {
			last = end.getAsLong();
			Thread.sleep(1);
		}
		if (last == 0) {
			throw new IllegalStateException("The lease had ended before the daemon was stopped");
		}
		return last;
	}

	/** Watches the rings of one of the other nodes. */
	private CpgConnection observe(int node, CompletableFuture<Long> formed) {
		CpgConnection connection = this.cluster.node(node % NODES + 1).connector().connect(new CpgListener() {

			@Override
			public void totemChanged(CpgTotemConfiguration configuration) {
				if (configuration.nodeIds().size() == NODES - 1) {
					formed.complete(System.nanoTime());
				}
			}

		});
		connection.join(GROUP, LIMIT);
		return connection;
	}

}

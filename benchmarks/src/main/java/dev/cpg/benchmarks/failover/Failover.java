package dev.cpg.benchmarks.failover;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import dev.cpg.test.CorosyncCluster;

/**
 * Kills leaders, and has leaders give up, until another process leads: ours on a cluster
 * of three nodes, and three candidates of each other side on this machine. What waits for
 * a time-out is measured all the while, and starts processes only while nothing else is
 * measured.
 */
public final class Failover {

	private static final int CANDIDATES = 3;

	/** With one of so many rounds of ours there is one of the other fast side. */
	private static final int OTHERS_EACH = 4;

	private static final double TARGET_MILLIS = 20;

	private static final double YIELD_TARGET_MILLIS = 10;

	/** Those who lead next are two by turns, so these have led before. */
	private static final int WARM_UPS = 4;

	private static final int SETTLE_MILLIS = CpgCandidate.COOLDOWN_MILLIS + 20;

	private static final int MORE_MILLIS = 80;

	private final Random random = new Random();

	/** Is held while something fast is measured or a process is started. */
	private final ReentrantLock quiet = new ReentrantLock(true);

	private volatile boolean over;

	private Failover() {
	}

	/**
	 * Measures, and prints the figures.
	 * @param rounds how many leaders of ours are killed
	 * @param slowRounds how many leaders are killed at least of what waits for a time-out
	 * @param out where to
	 */
	public static void run(int rounds, int slowRounds, PrintStream out) {
		try (CorosyncCluster cluster = CorosyncCluster.builder().nodes(CANDIDATES).token(Duration.ofSeconds(5)).start();
				ZooKeeper zooKeeper = new ZooKeeper();
				Postgres postgres = new Postgres();
				Contest ours = new Contest(Side.OURS,
						cluster.nodes().stream().map((node) -> List.of(node.socketDirectory().toString())).toList());
				Contest jGroups = new Contest(Side.JGROUPS, everywhere());
				Contest curator = new Contest(Side.CURATOR, everywhere(zooKeeper.address()));
				Contest jdbc = new Contest(Side.JDBC, everywhere(postgres.url()))) {
			Failover failover = new Failover();
			CompletableFuture<Void> slow = CompletableFuture.allOf(failover.slowRounds(curator, slowRounds),
					failover.slowRounds(jdbc, slowRounds));
			for (int round = 0; round < rounds; round++) {
				failover.round(ours);
				if (round % OTHERS_EACH == 0) {
					System.err.println("bench: failover, round " + (round + 1) + " of " + rounds);
					failover.round(jGroups);
				}
			}
			failover.over = true;
			slow.join();
			List.of(ours, jGroups, curator, jdbc).forEach((contest) -> contest.print(out));
			judge("failover", ours.failovers(), TARGET_MILLIS, out);
			judge("yield", ours.yields(), YIELD_TARGET_MILLIS, out);
		}
		catch (IOException ex) {
			throw new IllegalStateException("A server cannot be started: " + ex, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static List<List<String>> everywhere(String... address) {
		return Collections.nCopies(CANDIDATES, List.of(address));
	}

	private void round(Contest contest) {
		this.quiet.lock();
		try {
			for (int warmUp = 0; warmUp < WARM_UPS; warmUp++) {
				settle();
				contest.giveUp(false);
			}
			settle();
			contest.giveUp(true);
			settle();
			contest.replace(contest.kill());
		}
		finally {
			this.quiet.unlock();
		}
	}

	private void settle() {
		sleep(SETTLE_MILLIS + this.random.nextInt(MORE_MILLIS));
	}

	private static void sleep(int millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private CompletableFuture<Void> slowRounds(Contest contest, int least) {
		return CompletableFuture.runAsync(() -> {
			for (int round = 0; round < least || !this.over; round++) {
				contest.giveUp(true);
				sleep(this.random.nextInt(contest.side().heartbeatMillis()));
				CandidateProcess killed = contest.kill();
				this.quiet.lock();
				try {
					contest.replace(killed);
				}
				finally {
					this.quiet.unlock();
				}
			}
		}, (rounds) -> {
			Thread thread = new Thread(rounds, "rounds-of-" + contest.side());
			thread.setDaemon(true);
			thread.start();
		});
	}

	private static void judge(String name, Times times, double most, PrintStream out) {
		double reached = times.percentile(0.99);
		out.printf(Locale.ROOT, "target.%s.ours.p99_ms=%s (%.1f, at most %.1f)%n", name,
				(reached <= most) ? "met" : "missed", reached, most);
	}

}

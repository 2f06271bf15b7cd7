package dev.cpg.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import dev.cpg.faults.check.Checker;
import dev.cpg.test.CorosyncCluster;

/**
 * One cluster, its members, and what goes wrong with them.
 *
 * @param number the number of the round, from 1
 * @param nodes the number of nodes
 * @param seed decides about the faults, together with the number
 * @param faults for how long there are faults
 * @param directory where histories are kept
 */
record Round(int number, int nodes, long seed, Duration faults, Path directory) {

	/** Short enough that a node's death is noticed within seconds. */
	private static final Duration TOKEN = Duration.ofSeconds(1);

	/**
	 * Runs the round.
	 * @return what came of it
	 */
	Result run() throws IOException, InterruptedException {
		Directories.empty(this.directory);
		List<String> violations = new ArrayList<>();
		long batches = 0;
		try (Journal journal = new Journal(this.directory)) {
			journal.round(this.number, this.nodes, this.seed);
			try {
				batches = run(journal, violations);
			}
			catch (RuntimeException | IOException ex) {
				ex.printStackTrace();
				violations.add("harness: " + ex);
			}
			Map<String, Long> checks = Map.of();
			try {
				Checker.Result checked = Checker.check(this.directory);
				violations.addAll(checked.violations());
				checks = checked.counts();
			}
			catch (RuntimeException | IOException ex) {
				ex.printStackTrace();
				violations.add("harness: " + ex);
			}
			return new Result(journal.counts(), checks, batches, violations);
		}
	}

	private long run(Journal journal, List<String> violations) throws IOException, InterruptedException {
		SplittableRandom random = random();
		boolean stateFiles = this.number % 4 > 1;
		boolean batching = (this.number - 1) % 4 < 2;
		List<PlannedFault> plan = Plan.of(random.split(), this.number, this.nodes, this.faults, stateFiles);
		try (CorosyncCluster cluster = CorosyncCluster.builder().nodes(this.nodes).token(TOKEN).start()) {
			Deployment deployment = new Deployment(cluster, this.directory, journal, stateFiles, batching,
					random.split());
			deployment.startAll();
			CMember program = new CMember(cluster.node(1 + random.nextInt(this.nodes)), journal);
			try {
				Calm calm = new Calm(deployment, journal, program);
				calm.begin();
				// Batches begin and end with the presence of who does not read them.
				program.roam(batching);
				new Injector(deployment, journal).inject(plan);
				program.roam(false);
				calm.end();
				violations.addAll(calm.violations());
				return calm.batches();
			}
			finally {
				violations.addAll(deployment.failures());
				deployment.running().forEach(deployment::kill);
				program.close();
				program.writeHistories(this.directory);
			}
		}
	}

	/**
	 * Each round has its own, and those of other seeds have nothing in common with it.
	 */
	private SplittableRandom random() {
		SplittableRandom all = new SplittableRandom(this.seed);
		SplittableRandom random = all.split();
		for (int i = 1; i < this.number; i++) {
			random = all.split();
		}
		return random;
	}

	/**
	 * What came of a round.
	 *
	 * @param faults how many faults there were of each kind
	 * @param checks how many things were checked, by the check
	 * @param batches how many batches of messages were delivered to the members, while
	 * they had the connection that they had at the end
	 * @param violations what went wrong that must not
	 */
	record Result(Map<FaultKind, Integer> faults, Map<String, Long> checks, long batches, List<String> violations) {
	}

}

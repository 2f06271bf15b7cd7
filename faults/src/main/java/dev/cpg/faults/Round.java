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
		try (Journal journal = new Journal(this.directory)) {
			journal.round(this.number, this.nodes, this.seed);
			try {
				run(journal, violations);
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
			return new Result(journal.counts(), checks, violations);
		}
	}

	private void run(Journal journal, List<String> violations) throws IOException, InterruptedException {
		SplittableRandom random = random();
		boolean stateFiles = this.number % 4 > 1;
		List<PlannedFault> plan = Plan.of(random.split(), this.number, this.nodes, this.faults, stateFiles);
		try (CorosyncCluster cluster = CorosyncCluster.builder().nodes(this.nodes).token(TOKEN).start()) {
			Deployment deployment = new Deployment(cluster, this.directory, journal, stateFiles, random.split());
			deployment.startAll();
			CMember program = new CMember(cluster.node(1 + random.nextInt(this.nodes)));
			try (program) {
				Calm calm = new Calm(deployment, journal, program);
				calm.begin();
				new Injector(deployment, journal).inject(plan);
				calm.end();
				violations.addAll(calm.violations());
			}
			finally {
				violations.addAll(deployment.failures());
				deployment.running().forEach(deployment::kill);
			}
			program.writeHistories(this.directory);
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
	 * @param violations what went wrong that must not
	 */
	record Result(Map<FaultKind, Integer> faults, Map<String, Long> checks, List<String> violations) {
	}

}

package dev.cpg.faults;

import java.io.IOException;
import java.nio.file.Files;
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
 * @param seed decides about the faults
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
		Files.createDirectories(this.directory);
		// Each round has its own, so that it can be repeated without those before.
		SplittableRandom random = new SplittableRandom(this.seed + this.number);
		boolean stateFiles = random.nextBoolean();
		List<PlannedFault> plan = Plan.of(random, this.nodes, this.faults, stateFiles);
		List<String> violations = new ArrayList<>();
		Map<FaultKind, Integer> counts;
		try (Journal journal = new Journal(this.directory);
				CorosyncCluster cluster = CorosyncCluster.builder().nodes(this.nodes).token(TOKEN).start()) {
			journal.round(this.number, this.nodes, this.seed);
			Deployment deployment = new Deployment(cluster, this.directory, journal, stateFiles);
			deployment.startAll();
			CMember program = new CMember(cluster.node(1 + random.nextInt(this.nodes)));
			try (program) {
				Calm calm = new Calm(deployment, journal, program);
				calm.findTogether();
				calm.measure("begin");
				new Injector(deployment, journal).inject(plan);
				calm.heal();
				calm.findTogether();
				calm.end();
				violations.addAll(calm.violations());
			}
			finally {
				deployment.all().forEach(MemberProcess::kill);
			}
			program.writeHistories(this.directory);
			counts = journal.counts();
		}
		Checker.Result checked = Checker.check(this.directory);
		violations.addAll(checked.violations());
		return new Result(counts, checked.counts(), violations);
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

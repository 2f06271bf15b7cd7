package dev.cpg.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A cluster inside the JVM, from its start until a member on each of three nodes has
 * joined, and its end.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class EmbeddedStartBenchmark {

	private static final CpgGroupName GROUP = CpgGroupName.of("benchmark");

	/** Starts a cluster with three members, and closes it. */
	@Benchmark
	public void threeMembers() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
			for (EmbeddedNode node : cluster.nodes()) {
				CpgConnection member = node.connector().connect(new CpgListener() {
				});
				member.join(GROUP, Duration.ofSeconds(10));
			}
		}
	}

}

package dev.cpg.spring.test;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import dev.cpg.spring.CpgGroup;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.cpg.spring.test.CpgAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

class TestClassesTests {

	private static final Set<TestCluster> clusters = ConcurrentHashMap.newKeySet();

	private static final CyclicBarrier barrier = new CyclicBarrier(2);

	@BeforeEach
	void forget() {
		clusters.clear();
	}

	@Test
	void classesThatRunInParallelHaveClustersOfTheirOwnAndLeaveNoThread() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
			.selectors(DiscoverySelectors.selectClass(SampleOne.class), DiscoverySelectors.selectClass(SampleTwo.class))
			.configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
			.configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
			.configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
			.configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "2")
			.execute();
		results.testEvents().assertStatistics((statistics) -> statistics.started(4).succeeded(4));
		assertThat(clusters).hasSize(2);
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
			.filteredOn((thread) -> !before.contains(thread) && thread.getName().startsWith("cpg-"))
			.isEmpty());
	}

	@Test
	void aFailureHasTheHistoryOfTheCluster() {
		Throwable failure = failureOf(SampleFailure.class);
		assertThat(failure).hasMessageContaining("3 members");
		assertThat(failure.getSuppressed()).singleElement()
			.satisfies((history) -> assertThat(history).hasMessageContaining("history of the cluster")
				.hasMessageContaining("node 1 is started")
				.hasMessageContaining("has received 0 messages and seen:")
				.hasMessageContaining(" JOIN]"));
	}

	@Test
	void aClassWithTwoClustersIsRefused() {
		assertThat(failureOf(SampleOfBoth.class)).hasStackTraceContaining("has both @EmbeddedCpg and @CorosyncCpg");
	}

	private static Throwable failureOf(Class<?> sample) {
		return EngineTestKit.engine("junit-jupiter")
			.selectors(DiscoverySelectors.selectClass(sample))
			.execute()
			.allEvents()
			.failed()
			.stream()
			.findFirst()
			.flatMap((event) -> event.getPayload(TestExecutionResult.class))
			.flatMap(TestExecutionResult::getThrowable)
			.orElseThrow();
	}

	@SpringBootTest(classes = Echo.class, properties = "cpg.group=parallel")
	@EmbeddedCpg(nodes = 2)
	abstract static class Sample {

		@Autowired
		private TestCluster cluster;

		@Autowired
		private CpgGroup group;

		@Test
		void killsANode() {
			clusters.add(this.cluster);
			this.cluster.node(2).join("parallel");
			assertThat(this.group).hasMembers(2);
			this.cluster.node(2).kill();
			assertThat(this.group).hasMembers(1);
		}

		/** The barrier opens when both classes are here at the same time. */
		@Test
		void runsBesideTheOtherClass() throws Exception {
			barrier.await(30, TimeUnit.SECONDS);
			this.cluster.node(2).join("parallel");
			assertThat(this.group).hasMembers(2);
		}

	}

	static class SampleOne extends Sample {

	}

	static class SampleTwo extends Sample {

	}

	@SpringBootTest(classes = Echo.class, properties = "cpg.group=failing")
	@EmbeddedCpg
	static class SampleFailure {

		@Test
		void fails(TestCluster cluster) {
			cluster.node(1).join("failing");
			fail("There are no 3 members");
		}

	}

	@SpringBootTest(classes = Echo.class, properties = "cpg.group=both")
	@EmbeddedCpg
	@CorosyncCpg
	static class SampleOfBoth {

		@Test
		void neverRuns() {
		}

	}

}

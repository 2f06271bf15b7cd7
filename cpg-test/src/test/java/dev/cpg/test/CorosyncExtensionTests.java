package dev.cpg.test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

class CorosyncExtensionTests {

	private static final List<Path> seen = new ArrayList<>();

	@Test
	void testsAreSkippedWithTheReasonWhereNoClusterCanRun() {
		EngineExecutionResults results = execute(WhereNoClusterCanRun.class);

		results.testEvents().assertStatistics((statistics) -> statistics.started(0));
		results.containerEvents()
			.assertThatEvents()
			.haveExactly(1, event(container(), skippedWithReason("no corosync.")));
	}

	@Test
	void testsAreSkippedWithTheReasonWhereCorosyncLacksTheTransport() {
		EngineExecutionResults results = execute(OverAMissingTransport.class);

		results.testEvents().assertStatistics((statistics) -> statistics.started(0));
		results.containerEvents().assertThatEvents().haveExactly(1, event(container(), skippedWithReason("no KNET.")));
	}

	@Test
	@CorosyncTest
	void testsFailWithTheReasonWhereAClusterIsRequiredAndCannotRun() {
		EngineExecutionResults results = execute(WhereAClusterIsRequired.class);

		results.testEvents().assertStatistics((statistics) -> statistics.started(0));
		results.containerEvents()
			.assertThatEvents()
			.haveExactly(1, event(container(),
					finishedWithFailure(message("no corosync. CPG_REQUIRE_COROSYNC=true asks for one."))));
	}

	@Test
	@CorosyncTest
	void testsOfAClassShareAClusterThatIsRestoredBetweenThem() {
		seen.clear();
		EngineExecutionResults results = execute(ThatShareACluster.class);

		results.testEvents().assertStatistics((statistics) -> statistics.started(3).succeeded(3));
		assertThat(seen).hasSize(4).containsOnly(seen.get(0));
		assertThat(seen.get(0)).doesNotExist();
	}

	@Test
	@CorosyncTest
	void aTestCanHaveAClusterOfItsOwn() {
		seen.clear();
		EngineExecutionResults results = execute(WithClustersOfTheirOwn.class);

		results.testEvents().assertStatistics((statistics) -> statistics.started(2).succeeded(2));
		assertThat(seen).hasSize(2).doesNotHaveDuplicates().noneMatch((directory) -> directory.toFile().exists());
	}

	@Test
	@CorosyncTest
	void aFailingTestPrintsTheDaemonsLogsOfItsTime() {
		assertThat(errorsOf(() -> execute(ThatFails.class).testEvents()
			.assertStatistics((statistics) -> statistics.failed(1).succeeded(1))))
			.contains("fails(CorosyncCluster) failed. Meanwhile the daemons logged:\n--- node 1 (not running)")
			.contains("Node was shut down by a signal")
			.doesNotContain("succeeds(CorosyncCluster)")
			.doesNotContain("Corosync Cluster Engine  starting up");
	}

	@Test
	@CorosyncTest
	void theConstructorOfAnInstanceForAllTestsHasTheClusterOfItsClass() {
		seen.clear();
		EngineExecutionResults results = execute(WithOneInstance.class);

		results.testEvents().assertStatistics((statistics) -> statistics.started(3).succeeded(3));
		assertThat(seen).hasSize(2).doesNotHaveDuplicates().noneMatch((directory) -> directory.toFile().exists());
	}

	@Test
	@CorosyncTest
	void theLogsOfAFailingDynamicTestArePrinted() {
		assertThat(errorsOf(() -> execute(ThatFailsDynamically.class).testEvents()
			.assertStatistics((statistics) -> statistics.failed(1).succeeded(1))))
			.contains("failed. Meanwhile the daemons logged:\n--- node 1 (not running)")
			.contains("Node was shut down by a signal");
	}

	@Test
	@CorosyncTest
	void testsThatShareAClusterRunOneAfterTheOther() {
		EngineTestKit.engine("junit-jupiter")
			.configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
			.configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
			.configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
			.configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "3")
			.selectors(selectClass(ThatKillTheirNode.class))
			.execute()
			.testEvents()
			.assertStatistics((statistics) -> statistics.started(4).succeeded(4));
	}

	private static String errorsOf(Runnable task) {
		PrintStream err = System.err;
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			task.run();
		}
		finally {
			System.setErr(err);
		}
		return printed.toString(StandardCharsets.UTF_8);
	}

	private static EngineExecutionResults execute(Class<?> tests) {
		return EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute();
	}

	@CorosyncTest
	static class OverAMissingTransport {

		@RegisterExtension
		static final CorosyncExtension extension = new CorosyncExtension(Optional::empty,
				(transport) -> Optional.of("no " + transport + "."), true);

		@Test
		void test() {
		}

	}

	@CorosyncTest
	static class WhereNoClusterCanRun {

		@RegisterExtension
		static final CorosyncExtension extension = new CorosyncExtension(() -> Optional.of("no corosync."),
				(transport) -> Optional.empty(), false);

		@Test
		void test() {
		}

	}

	@CorosyncTest
	static class WhereAClusterIsRequired {

		@RegisterExtension
		static final CorosyncExtension extension = new CorosyncExtension(() -> Optional.of("no corosync."),
				(transport) -> Optional.empty(), true);

		@Test
		void test() {
		}

	}

	@CorosyncTest
	@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
	static class ThatShareACluster {

		@BeforeAll
		static void beforeAll(CorosyncCluster cluster) {
			seen.add(cluster.node(1).directory());
		}

		@Test
		@Order(1)
		void first(CorosyncCluster cluster) {
			seen.add(cluster.node(1).directory());
			cluster.node(1).cut();
			cluster.node(1).kill();
		}

		@Test
		@Order(2)
		void second(CorosyncCluster cluster) {
			seen.add(cluster.node(1).directory());
			assertThat(cluster.node(1).isCut()).isFalse();
			assertThat(cluster.node(1).isRunning()).isTrue();
			assertThat(cluster.node(1).ringStatus()).isPresent();
			cluster.node(1).pause();
		}

		@Nested
		class Third {

			@Test
			void third(CorosyncCluster cluster) {
				seen.add(cluster.node(1).directory());
				assertThat(cluster.node(1).isPaused()).isFalse();
			}

		}

	}

	static class WithClustersOfTheirOwn {

		@Test
		@CorosyncTest
		void first(CorosyncCluster cluster) {
			seen.add(cluster.node(1).directory());
		}

		@Test
		@CorosyncTest
		void second(CorosyncCluster cluster) {
			seen.add(cluster.node(1).directory());
		}

	}

	@CorosyncTest
	@TestMethodOrder(MethodOrderer.MethodName.class)
	static class ThatFails {

		@Test
		void fails(CorosyncCluster cluster) {
			cluster.node(1).stop();
			throw new IllegalStateException("on purpose");
		}

		@Test
		void succeeds(CorosyncCluster cluster) {
			cluster.node(1).pause();
		}

	}

	@CorosyncTest
	@TestInstance(Lifecycle.PER_CLASS)
	static class WithOneInstance {

		private final CorosyncCluster cluster;

		WithOneInstance(CorosyncCluster cluster) {
			this.cluster = cluster;
			seen.add(cluster.node(1).directory());
		}

		@Test
		void first(CorosyncCluster cluster) {
			assertThat(cluster).isSameAs(this.cluster);
		}

		@Test
		void second(CorosyncCluster cluster) {
			assertThat(cluster).isSameAs(this.cluster);
		}

		@Nested
		@CorosyncTest
		@TestInstance(Lifecycle.PER_CLASS)
		class WithAnother {

			private final CorosyncCluster another;

			WithAnother(CorosyncCluster another) {
				this.another = another;
				seen.add(another.node(1).directory());
			}

			@Test
			void third(CorosyncCluster cluster) {
				assertThat(cluster).isSameAs(this.another).isNotSameAs(WithOneInstance.this.cluster);
			}

		}

	}

	@CorosyncTest
	static class ThatFailsDynamically {

		@TestFactory
		Stream<DynamicTest> tests(CorosyncCluster cluster) {
			return Stream.of(dynamicTest("succeeds", () -> assertThat(cluster.node(1).isRunning()).isTrue()),
					dynamicTest("fails", () -> {
						cluster.node(1).stop();
						throw new IllegalStateException("on purpose");
					}));
		}

	}

	@CorosyncTest
	static class ThatKillTheirNode {

		@Test
		void first(CorosyncCluster cluster) throws InterruptedException {
			killed(cluster);
		}

		@Test
		void second(CorosyncCluster cluster) throws InterruptedException {
			killed(cluster);
		}

		private static void killed(CorosyncCluster cluster) throws InterruptedException {
			cluster.node(1).kill();
			Thread.sleep(1000);
			assertThat(cluster.node(1).isRunning()).isFalse();
		}

		@Nested
		class AndLetItRun {

			@Test
			void third(CorosyncCluster cluster) throws InterruptedException {
				running(cluster);
			}

			@Test
			void fourth(CorosyncCluster cluster) throws InterruptedException {
				running(cluster);
			}

			private static void running(CorosyncCluster cluster) throws InterruptedException {
				Thread.sleep(1000);
				assertThat(cluster.node(1).isRunning()).isTrue();
			}

		}

	}

}

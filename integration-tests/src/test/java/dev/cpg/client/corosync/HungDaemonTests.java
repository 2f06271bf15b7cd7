package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.Objects;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A daemon that hangs says nothing: no end of a connection, no event.
 */
@CorosyncTest(nodes = 2)
@Timeout(120)
class HungDaemonTests {

	private static final Duration INTERVAL = Duration.ofMillis(300);

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	HungDaemonTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	private static CorosyncConnector.Builder settings(CorosyncConnector.Builder builder) {
		return builder.livenessInterval(INTERVAL).requestTimeout(REQUEST_TIMEOUT);
	}

	@Test
	void anIdleConnectionToADaemonThatHangsIsLostAndAnotherOneJoinsWhenTheDaemonGoesOn() throws Exception {
		try (Member other = Member.join(this.cluster.node(1), this.group);
				Member idle = Member.connect(this.cluster.node(2), HungDaemonTests::settings)) {
			idle.connection().join(this.group, Member.LIMIT);
			long start = System.nanoTime();
			this.cluster.node(2).pause();
			CorosyncException cause = Objects.requireNonNull(idle.awaitClosed());
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(REQUEST_TIMEOUT,
					REQUEST_TIMEOUT.plus(INTERVAL.multipliedBy(2)).plusSeconds(2));
			assertThat(cause).hasMessageContaining("hangs").hasMessageContaining("livenessInterval");
			assertThat(cause.error()).isEqualTo(CsError.TIMEOUT);
			assertThat(cause.setting()).isEqualTo(CorosyncSetting.LIVENESS_INTERVAL);
			assertThat(idle.connection().view()).isEqualTo(CpgView.NONE);
			this.cluster.node(2).resume();
			try (Member again = Member.connect(this.cluster.node(2))) {
				again.connection().join(this.group, Member.LIMIT);
				Awaitility.await("no ghost")
					.atMost(Member.LIMIT)
					.until(() -> other.connection().view().members().size() == 2
							&& other.connection().view().members().equals(again.connection().view().members()));
				assertThat(other.connection().view().members()).contains(again.connection().localAddress());
			}
		}
	}

	@Test
	void idleConnectionsToADaemonThatIsWellStayOpenAndItsAnswersAreNotTakenForOthers() throws Exception {
		try (Member idle = Member.connect(this.cluster.node(1),
				(builder) -> builder.livenessInterval(Duration.ofMillis(1)))) {
			idle.connection().join(this.group, Member.LIMIT);
			long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
			while (System.nanoTime() < end) {
				assertThat(idle.connection().membership(this.group)).containsExactly(idle.connection().localAddress());
			}
			assertThat(idle.connection().isOpen()).isTrue();
		}
	}

}

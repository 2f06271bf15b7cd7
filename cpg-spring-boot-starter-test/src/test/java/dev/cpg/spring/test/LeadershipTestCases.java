package dev.cpg.spring.test;

import java.time.Duration;
import java.util.Set;

import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.LeaderOnly;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

import static dev.cpg.spring.test.CpgAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What tests of a service that may lead do with a cluster of three nodes, on both
 * engines.
 */
@SpringBootTest(classes = Echo.class, properties = { "cpg.group=orders", "cpg.leader.roles=billing" })
@Import(LeadershipTestCases.Billing.class)
abstract class LeadershipTestCases {

	private static final Duration LONG = Duration.ofSeconds(30);

	@Autowired
	private TestCluster cluster;

	@Autowired
	private CpgLeadership leadership;

	@Autowired
	private CpgEvents events;

	@Autowired
	private Billing billing;

	@Test
	void aServiceThatIsAloneLeads() throws InterruptedException {
		assertThat(this.leadership.await(LONG)).isTrue();
		assertThat(this.leadership.leader()).isPresent();
		await().atMost(LONG).until(() -> this.billing.bill() > 0);
	}

	@Test
	void theSideOfASplitWithoutQuorumDoesNotLeadAndLeadsLaterWithALargerToken() throws InterruptedException {
		assertThat(this.leadership.await(LONG)).isTrue();
		long token = this.leadership.token().orElseThrow();
		this.cluster.partition(Set.of(1), Set.of(2, 3));
		await().atMost(LONG).until(() -> this.leadership.leader().isEmpty());
		assertThat(this.leadership.isLeader()).isFalse();
		assertThat(this.billing.bill()).isZero();
		this.cluster.heal();
		assertThat(this.leadership.await(LONG)).isTrue();
		assertThat(this.leadership.token().orElseThrow()).isGreaterThan(token);
		assertThat(this.events).within(LONG)
			.haveInOrder(CpgLeadershipRevokedEvent.class, CpgLeaderChangeEvent.class, CpgLeadershipGrantedEvent.class);
	}

	@Test
	void aServiceThatLosesQuorumDoesNotLead() throws InterruptedException {
		assertThat(this.leadership.await(LONG)).isTrue();
		this.cluster.setQuorate(false);
		await().atMost(LONG).until(() -> !this.leadership.isLeader());
		this.cluster.resetQuorate();
		assertThat(this.leadership.await(LONG)).isTrue();
	}

	/** What only the leader does. */
	static class Billing {

		@LeaderOnly("billing")
		long bill() {
			return CpgLeadership.currentToken();
		}

	}

}

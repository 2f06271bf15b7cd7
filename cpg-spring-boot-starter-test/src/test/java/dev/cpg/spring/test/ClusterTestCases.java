package dev.cpg.spring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgReason;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import dev.cpg.test.TestCluster;
import dev.cpg.test.TestMember;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.cpg.spring.test.CpgAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What tests of services do with a cluster, on both engines.
 */
@SpringBootTest(classes = Echo.class, properties = "cpg.group=orders")
abstract class ClusterTestCases {

	private static final Duration LONG = Duration.ofSeconds(30);

	@Autowired
	private TestCluster cluster;

	@Autowired
	private CpgGroup group;

	@Autowired
	private CpgOperations operations;

	@Autowired
	private CpgEvents events;

	@Test
	void theClusterAndTheEventsAreParametersToo(TestCluster cluster, CpgEvents events) {
		assertThat(cluster).isSameAs(this.cluster);
		assertThat(events.all()).isSameAs(this.events.all());
	}

	@Test
	void aMemberSendsReceivesAndAnswers() {
		TestMember member = this.cluster.node(2).join("orders");
		member.onMessage((message) -> {
			if ("ping".equals(new String(message.payload(), StandardCharsets.UTF_8))) {
				member.send("pong");
			}
		});
		this.operations.multicast("ping");
		assertThat(member).within(LONG).receivedInOrder("ping", "pong", "echo of pong");
	}

	@Test
	void theServiceSeesHowMembersEnd() {
		TestMember leaving = this.cluster.node(2).join("orders");
		TestMember dying = this.cluster.node(2).join("orders");
		TestMember staying = this.cluster.node(2).join("orders");
		assertThat(this.group).within(LONG).hasMembers(4);
		leaving.leave();
		dying.kill();
		assertThat(this.group).within(LONG).hasMembers(2).hasMember(staying.address()).hasNoMember(dying.address());
		assertThat(this.events).within(LONG)
			.haveLeave(leaving.address(), CpgReason.LEAVE)
			.haveLeave(dying.address(), CpgReason.PROCDOWN);
		assertThat(staying).within(LONG).hasSeenLeave(dying.address(), CpgReason.PROCDOWN);
	}

	@Test
	void theDeathOfANodeIsNoticedAndRepaired() {
		TestMember member = this.cluster.node(2).join("orders");
		assertThat(this.group).within(LONG).hasMembers(2);
		this.cluster.node(2).kill();
		assertThat(this.events).within(LONG)
			.haveLeave(member.address(), CpgReason.NODEDOWN)
			.haveInOrder(CpgConfigurationChangeEvent.class, CpgTotemConfigurationChangeEvent.class);
		assertThat(this.group).hasMembers(1);
	}

	@Test
	void bothSidesOfASplitGoOn() {
		TestMember member = this.cluster.node(2).join("orders");
		assertThat(this.group).within(LONG).hasMembers(2);
		this.cluster.partition(Set.of(1), Set.of(2));
		assertThat(this.group).within(LONG).hasMembers(1);
		assertThat(member).within(LONG).hasMembers(1);
		this.cluster.heal();
		assertThat(this.group).within(LONG).hasMembers(2);
		assertThat(member).within(LONG).hasSeenJoin(this.group.getMembers().get(0).address(), CpgReason.NODEUP);
	}

	@Test
	void neitherHalfOfASplitHasTheQuorum() {
		assertThat(this.group).hasQuorum(CpgQuorumState.QUORATE);
		assertThat(this.operations.multicast("whole").join().isQuorate()).isTrue();
		this.cluster.partition(Set.of(1), Set.of(2));
		assertThat(this.group).within(LONG).hasQuorum(CpgQuorumState.INQUORATE).hasMembers(1);
		assertThat(this.operations.multicast("half").join().quorum()).isEqualTo(CpgQuorumState.INQUORATE);
		this.cluster.heal();
		assertThat(this.group).within(LONG).hasQuorum(CpgQuorumState.QUORATE);
		assertThat(this.events).within(LONG)
			.haveInOrder(CpgTotemConfigurationChangeEvent.class, CpgQuorumChangeEvent.class,
					CpgTotemConfigurationChangeEvent.class, CpgQuorumChangeEvent.class);
	}

	@Test
	void theServiceLosesQuorum() {
		this.cluster.setQuorate(false);
		assertThat(this.group).within(LONG).hasQuorum(CpgQuorumState.INQUORATE).hasMembers(1);
		assertThat(this.events).within(LONG).haveInOrder(CpgQuorumChangeEvent.class);
		this.cluster.resetQuorate();
		assertThat(this.group).within(LONG).hasQuorum(CpgQuorumState.QUORATE);
		this.cluster.setQuorate(false);
	}

	@Test
	void theServiceComesBackAfterTheDeathOfItsDaemon() {
		this.cluster.node(1).kill();
		assertThat(this.group).within(LONG).isDisconnected();
		this.cluster.restore();
		assertThat(this.group).within(LONG).isJoined().hasMembers(1);
		assertThat(this.events).within(LONG)
			.haveInOrder(CpgDisconnectedEvent.class, CpgConnectedEvent.class, CpgConfigurationChangeEvent.class);
	}

	/** Each repetition leaves behind what the next one must not see. */
	@RepeatedTest(2)
	void eachTestBeginsWithAServiceThatIsAloneInItsGroup() {
		assertThat(this.group.getState()).isEqualTo(State.JOINED);
		assertThat(this.group.getMembers()).hasSize(1);
		assertThat(this.group.getRingNodeIds()).hasSize(2);
		assertThat(this.group.getQuorum()).isEqualTo(CpgQuorumState.QUORATE);
		assertThat(this.events.all()).isEmpty();
		this.cluster.node(2).join("orders");
		this.cluster.node(1).kill();
	}

}

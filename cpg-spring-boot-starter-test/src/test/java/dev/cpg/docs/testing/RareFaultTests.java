package dev.cpg.docs.testing;

import java.util.Set;

import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.test.EmbeddedCpg;
import dev.cpg.test.TestCluster;
import dev.cpg.test.TestMember;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.cpg.spring.test.CpgAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Faults that are rare on Corosync, on purpose, as docs/testing.md shows them.
 */
// snippet:rare
@SpringBootTest(properties = "cpg.group=loads")
@EmbeddedCpg(nodes = 3)
class RareFaultTests {

	@Test
	void aMemberThatIsCountedThoughItIsGoneIsASuspect(TestCluster cluster, @Autowired CpgGroup group) {
		TestMember member = cluster.node(2).join("loads");
		assertThat(group).hasMembers(2);
		cluster.leaveGhost(member.address());
		cluster.node(2).kill();
		await().untilAsserted(() -> assertThat(group.getSuspects()).hasSize(1));
		assertThat(group).hasMembers(2);
	}

	@Test
	void aMemberThatAnotherOneDoesNotHearIsLost(TestCluster cluster, @Autowired CpgGroup group) {
		TestMember other = cluster.node(3).join("loads");
		assertThat(group).hasMembers(2);
		cluster.partition(Set.of(1, 2), Set.of(2, 3));
		assertThat(group).hasMembers(1);
		assertThat(other).hasMembers(1);
		cluster.heal();
		assertThat(group).hasMembers(2);
	}

}
// end:rare

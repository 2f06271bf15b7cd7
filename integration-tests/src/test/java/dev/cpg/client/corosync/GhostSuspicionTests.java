package dev.cpg.client.corosync;

import dev.cpg.client.CpgGroupName;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A member ends while the ring re-forms, and comes back under the same id. Corosync
 * counts it until the nodes have agreed on its end, which takes longer than 3 seconds
 * here. A member that stays counted for good cannot be produced on purpose.
 */
@CorosyncTest(nodes = 2, token = 3000)
@Timeout(120)
class GhostSuspicionTests {

	@Test
	void aMemberThatEndedWhileTheRingReformsIsNoGhost(CorosyncCluster cluster) {
		CpgGroupName group = Member.newGroup();
		Member before = Member.join(cluster.node(1), group);
		long memberId = before.address().pid();
		cluster.node(2).kill();
		before.close();
		try (Member after = Member.connect(cluster.node(1), (builder) -> builder.memberId(memberId))) {
			after.connection().join(group, Member.LIMIT);
			assertThat(after.connection().view().members()).containsExactly(after.address());
			assertThat(after.connection().groups()).containsOnlyKeys(group);
		}
	}

}

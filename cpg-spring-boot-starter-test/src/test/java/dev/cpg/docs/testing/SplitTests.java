package dev.cpg.docs.testing;

import java.time.Duration;
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

/**
 * The cluster splits, as docs/testing.md shows it.
 */
// snippet:splits
@SpringBootTest(properties = "cpg.group=loads")
@EmbeddedCpg(nodes = 3)
class SplitTests {

	@Test
	void eachSideGoesOnAlone(TestCluster cluster, @Autowired CpgGroup group, @Autowired Loads loads) {
		TestMember other = cluster.node(3).join("loads");
		assertThat(group).hasMembers(2);
		cluster.partition(Set.of(1, 2), Set.of(3));
		assertThat(group).hasMembers(1);
		assertThat(other).hasMembers(1);
		assertThat(loads.report(7)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1);
		cluster.heal();
		assertThat(group).hasMembers(2);
	}

}
// end:splits

package dev.cpg.docs.testing;

import java.util.Map;

import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.test.EmbeddedCpg;
import dev.cpg.test.TestCluster;
import dev.cpg.test.TestMember;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A member dies, as docs/testing.md shows it.
 */
// snippet:dies
@SpringBootTest(properties = "cpg.group=loads")
@EmbeddedCpg(nodes = 2)
class MemberDiesTests {

	@Test
	void theLoadOfAMemberThatDiesIsForgotten(TestCluster cluster, @Autowired Loads loads,
			@Autowired CpgMessageMapper mapper) {
		TestMember member = cluster.node(2).join("loads");
		member.send(mapper.write(new Load(7), Map.of()));
		await().untilAsserted(() -> assertThat(loads.known()).containsEntry(member.address(), 7));
		cluster.node(2).kill();
		await().untilAsserted(() -> assertThat(loads.known()).isEmpty());
	}

}
// end:dies

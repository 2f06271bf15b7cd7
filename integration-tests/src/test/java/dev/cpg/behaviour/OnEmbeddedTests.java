package dev.cpg.behaviour;

import dev.cpg.test.EmbeddedTestCluster;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The suite on the cluster inside the JVM, in real time.
 */
@ExtendWith(EmbeddedClusterPerTest.class)
@Timeout(120)
class OnEmbeddedTests {

	@Nested
	class Membership extends MembershipBehaviour {

		Membership(EmbeddedTestCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Messages extends MessageBehaviour {

		Messages(EmbeddedTestCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Rings extends RingBehaviour {

		Rings(EmbeddedTestCluster cluster) {
			super(cluster);
		}

	}

}

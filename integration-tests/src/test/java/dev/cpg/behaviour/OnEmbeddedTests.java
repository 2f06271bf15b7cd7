package dev.cpg.behaviour;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgOverflow;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedConnector;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.test.EmbeddedTestCluster;
import dev.cpg.test.TestCluster;
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

	/**
	 * In real time the fragments follow each other closely. With a seed joins come
	 * between them, see the tests of the engine.
	 */
	@Nested
	class Fragments extends FragmentBehaviour {

		Fragments(EmbeddedTestCluster cluster) {
			super(cluster, 20, 0);
		}

	}

	@Nested
	class Rings extends RingBehaviour {

		Rings(EmbeddedTestCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Interceptors extends InterceptorBehaviour {

		Interceptors(EmbeddedTestCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Quorum extends QuorumBehaviour {

		Quorum(EmbeddedTestCluster cluster) {
			super(cluster);
		}

		@Override
		TestCluster start(Voting voting) {
			EmbeddedCluster.Builder builder = EmbeddedCluster.builder()
				.nodes(voting.nodes())
				.quorumProvider(voting.provider());
			voting.votes().forEach(builder::votes);
			if (voting.twoNode()) {
				builder.twoNode(true);
			}
			else if (voting.waitForAll()) {
				builder.waitForAll(true);
			}
			return new EmbeddedTestCluster(builder.start());
		}

	}

	@Nested
	class Settings extends SettingsBehaviour {

		private final EmbeddedNode node;

		Settings(EmbeddedTestCluster cluster) {
			super(cluster);
			this.node = cluster.embedded().node(2);
		}

		@Override
		CpgConnector connector(long queueCapacity, CpgOverflow overflow, int maxMessageSize) {
			return EmbeddedConnector.builder(this.node)
				.memberId(21)
				.deliveryQueueCapacity(queueCapacity)
				.overflow(overflow)
				.maxMessageSize(maxMessageSize)
				.build();
		}

	}

}

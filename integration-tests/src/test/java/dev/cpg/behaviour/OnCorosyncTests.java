package dev.cpg.behaviour;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;

/**
 * The suite on real daemons. All tests share one cluster, which is restored between them.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class OnCorosyncTests {

	@Nested
	class Membership extends MembershipBehaviour {

		Membership(CorosyncCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Messages extends MessageBehaviour {

		Messages(CorosyncCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Fragments extends FragmentBehaviour {

		Fragments(CorosyncCluster cluster) {
			super(cluster, 200, 4);
		}

	}

	@Nested
	class Rings extends RingBehaviour {

		Rings(CorosyncCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Interceptors extends InterceptorBehaviour {

		Interceptors(CorosyncCluster cluster) {
			super(cluster);
		}

	}

	@Nested
	class Quorum extends QuorumBehaviour {

		Quorum(CorosyncCluster cluster) {
			super(cluster);
		}

		@Override
		TestCluster start(Voting voting) {
			CorosyncCluster.Builder builder = CorosyncCluster.builder()
				.nodes(voting.nodes())
				.quorumProvider(voting.provider());
			voting.votes().forEach(builder::votes);
			if (voting.twoNode()) {
				builder.setting("quorum.two_node", "1");
			}
			else if (voting.waitForAll()) {
				builder.setting("quorum.wait_for_all", "1");
			}
			return builder.start();
		}

	}

	@Nested
	class Settings extends SettingsBehaviour {

		private final CorosyncNode node;

		Settings(CorosyncCluster cluster) {
			super(cluster);
			this.node = cluster.node(2);
		}

		@Override
		CpgConnector connector(long queueCapacity, CpgOverflow overflow, int maxMessageSize) {
			return CorosyncConnector.builder()
				.socketDirectory(this.node.socketDirectory())
				.memberId(21)
				.deliveryQueueCapacity(queueCapacity)
				.overflow(overflow)
				.maxMessageSize(maxMessageSize)
				.build();
		}

	}

}

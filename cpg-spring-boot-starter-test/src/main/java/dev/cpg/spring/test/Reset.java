package dev.cpg.spring.test;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgMembership;
import dev.cpg.test.TestCluster;
import dev.cpg.test.TestMember;

import org.springframework.context.ApplicationContext;

/**
 * Brings a cluster and the service on it to where a test begins: all nodes are one ring,
 * the service is a member of its groups and knows the quorum, none of an earlier test's
 * members is left, and the events of all that are published.
 *
 * @param cluster the cluster
 * @param memberships the memberships of the service
 * @param events the record of events
 */
record Reset(TestCluster cluster, Collection<CpgMembership> memberships, CpgEvents events) {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	static Reset of(ApplicationContext context) {
		return new Reset(context.getBean(ClusterEngine.CLUSTER, TestCluster.class),
				context.getBeansOfType(CpgMembership.class).values(), context.getBean(CpgEvents.class));
	}

	void run() {
		Set<CpgAddress> ended = this.cluster.members().stream().map(TestMember::address).collect(Collectors.toSet());
		this.cluster.restore();
		// Those that a test has stopped are not started again.
		this.memberships.stream()
			.filter(CpgMembership::isRunning)
			.map(CpgMembership::getGroup)
			.forEach((group) -> new Waiting(LIMIT).until(() -> isReady(group, ended),
					() -> """
							The group %s was not ready for the test: it is %s, with the members %s, on the nodes %s, which are %s.
							%s"""
						.formatted(group.getName(), group.getState(), group.getMembers(), group.getRingNodeIds(),
								group.getQuorum(), this.cluster.history())));
		this.events.clear();
	}

	private boolean isReady(CpgGroup group, Set<CpgAddress> ended) {
		CpgView view = group.getView();
		return group.getState() == State.JOINED && group.getRingNodeIds().size() == this.cluster.nodes().size()
				&& view.members().stream().noneMatch(ended::contains) && view.quorum() != CpgQuorumState.UNKNOWN
				&& this.events.haveAllUpTo(group.getName(), view);
	}

}

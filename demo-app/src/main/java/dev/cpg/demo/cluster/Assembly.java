package dev.cpg.demo.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The state that the cluster begins in: one member on each node, all of whom were
 * notified of all, in one ring with quorum, and of one leader, who is on the last node.
 */
final class Assembly {

	/** The node whose member leads at first, and that the tour cuts off. */
	static final long FIRST_LEADER = ClusterConfiguration.NODES;

	private final Timeline timeline;

	private final Supplier<List<Member>> members;

	/**
	 * Creates it.
	 * @param timeline what members are notified of
	 * @param members returns those that have not ended for good
	 */
	Assembly(Timeline timeline, Supplier<List<Member>> members) {
		this.timeline = timeline;
		this.members = members;
	}

	/** Returns the member that leads. */
	Optional<Member> leader() {
		return this.members.get().stream().filter((member) -> member.lane().isLeading()).findFirst();
	}

	/**
	 * Waits until the members have come together, and has others hand over to the first
	 * leader.
	 * @param limit how long each of that may take
	 * @return whether it was done
	 */
	boolean await(Duration limit) throws InterruptedException {
		if (!this.timeline.await(this::isWhole, limit)) {
			return false;
		}
		// Who has handed over is not elected for a while, so this may take several.
		for (int tries = 0; tries < ClusterConfiguration.NODES && !isComplete(); tries++) {
			leader().ifPresent((member) -> member.leadership().yield());
			this.timeline.await(this::isComplete, Members.YIELD_COOLDOWN);
		}
		return this.timeline.await(this::isComplete, limit);
	}

	private boolean isComplete() {
		return isWhole() && leader().filter((member) -> member.lane().address().nodeId() == FIRST_LEADER).isPresent();
	}

	private boolean isWhole() {
		List<Lane> lanes = this.members.get().stream().map(Member::lane).toList();
		return lanes.size() == ClusterConfiguration.NODES
				&& lanes.stream().allMatch((lane) -> lane.sees(ClusterConfiguration.NODES, ClusterConfiguration.NODES))
				&& lanes.stream().map(Lane::ring).distinct().count() == 1
				&& lanes.stream().map(Lane::lead).distinct().count() == 1
				&& lanes.stream().filter(Lane::isLeading).count() == 1;
	}

}

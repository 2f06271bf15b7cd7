package dev.cpg.client;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Whether the nodes of a ring are quorate: whether they are enough of the cluster to act
 * for it, by the votes that the nodes have. Two sides of a partition are not quorate at
 * the same time, unless the cluster is configured to allow it; see {@code votequorum(5)}.
 * <p>
 * The quorum of a ring and its {@linkplain CpgTotemConfiguration totem configuration}
 * come over two connections, in no promised order. Both name the ring and its nodes:
 * where both are the same, one is the quorum of the other.
 *
 * @param provided whether the cluster has a quorum provider. If not, nobody counts votes
 * @param quorate whether the nodes are quorate; never without a provider, although
 * corosync's library then says that they are
 * @param ring the ring
 * @param nodeIds the ids of the ring's nodes, unsigned 32-bit numbers; unmodifiable
 */
public record CpgQuorum(boolean provided, boolean quorate, RingId ring, List<Long> nodeIds) {

	/**
	 * Stands where nothing is known: after the end of the connection.
	 */
	public static final CpgQuorum NONE = new CpgQuorum(false, false, RingId.NONE, List.of());

	public CpgQuorum {
		quorate = provided && quorate;
		nodeIds = List.copyOf(nodeIds);
	}

	/**
	 * Returns what this says of a ring, which is nothing if it is the quorum of another
	 * one. Ring ids alone do not decide that: the first totem configuration after a join
	 * may have the id of a new ring with the nodes of the one before.
	 * @param ring the ring
	 * @param nodeIds the ids of its nodes, in any order
	 */
	public CpgQuorumState stateOf(RingId ring, Collection<Long> nodeIds) {
		if (this.ring.equals(RingId.NONE) || ring.equals(RingId.NONE)) {
			return CpgQuorumState.UNKNOWN;
		}
		if (!this.provided) {
			return CpgQuorumState.NO_PROVIDER;
		}
		if (!this.ring.equals(ring) || !Set.copyOf(this.nodeIds).equals(Set.copyOf(nodeIds))) {
			return CpgQuorumState.UNKNOWN;
		}
		return this.quorate ? CpgQuorumState.QUORATE : CpgQuorumState.INQUORATE;
	}

}

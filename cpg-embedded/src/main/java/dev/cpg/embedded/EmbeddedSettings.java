package dev.cpg.embedded;

import java.time.Duration;
import java.util.Set;

import dev.cpg.client.CpgNames;

/**
 * The settings of a cluster.
 *
 * @param formationDelay how long after a fault the nodes form another ring
 * @param maxAtomicMessageSize the size of the largest message that goes in one piece
 * @param names the names of the cluster and its nodes
 * @param quorum how the nodes vote
 * @param mutations the faults that are built in; none but in tests of the tests
 */
record EmbeddedSettings(Duration formationDelay, int maxAtomicMessageSize, CpgNames names, QuorumSettings quorum,
		Set<Mutation> mutations) {

	EmbeddedSettings {
		mutations = Set.copyOf(mutations);
	}

	boolean has(Mutation mutation) {
		return this.mutations.contains(mutation);
	}

}

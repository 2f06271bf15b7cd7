package dev.cpg.test;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cpg.client.CpgQuorum;

/**
 * The ring of a node, as the node's daemon reports it.
 *
 * @param ringId node and sequence, such as {@code 1.9}
 * @param nodeIds the nodes in the ring, by number
 * @param quorate whether the node is in a quorate partition, as far as it knows
 */
public record RingStatus(String ringId, SortedSet<Integer> nodeIds, boolean quorate) {

	private static final Pattern RING_ID = Pattern.compile("(?m)^Ring ID:\\s+(\\S+)$");

	private static final Pattern QUORATE = Pattern.compile("(?m)^Quorate:\\s+(Yes|No)$");

	private static final Pattern NODE = Pattern.compile("(?m)^\\s+(\\d+)\\s+\\d+\\s+\\S+");

	/**
	 * Copies the nodes, so that nobody can change them.
	 */
	public RingStatus {
		nodeIds = Collections.unmodifiableSortedSet(new TreeSet<>(nodeIds));
	}

	static Optional<RingStatus> of(CpgQuorum quorum) {
		if (quorum.nodeIds().isEmpty()) {
			return Optional.empty();
		}
		SortedSet<Integer> nodeIds = new TreeSet<>();
		quorum.nodeIds().forEach((nodeId) -> nodeIds.add(nodeId.intValue()));
		return Optional.of(new RingStatus(quorum.ring().toString(), nodeIds, quorum.quorate()));
	}

	static Optional<RingStatus> parse(String output) {
		Matcher ringId = RING_ID.matcher(output);
		Matcher quorate = QUORATE.matcher(output);
		int membership = output.indexOf("Membership information");
		if (!ringId.find() || !quorate.find() || membership < 0) {
			return Optional.empty();
		}
		SortedSet<Integer> nodeIds = new TreeSet<>();
		Matcher node = NODE.matcher(output.substring(membership));
		while (node.find()) {
			nodeIds.add(Integer.valueOf(node.group(1)));
		}
		return Optional.of(new RingStatus(ringId.group(1), nodeIds, quorate.group(1).equals("Yes")));
	}

}

package dev.cpg.demo.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * The nodes, and the sides that the network between them is cut into.
 */
@Component
@ConditionalOnEmbeddedMode
class Nodes {

	private final EmbeddedCluster cluster;

	private volatile List<Set<Integer>> sides;

	Nodes(EmbeddedCluster cluster) {
		this.cluster = cluster;
		this.sides = List.of(ids());
	}

	private Set<Integer> ids() {
		return new TreeSet<>(this.cluster.nodes().stream().map(EmbeddedNode::nodeId).toList());
	}

	/**
	 * Returns a node.
	 * @param id its id
	 * @throws ResponseStatusException if there is none
	 */
	EmbeddedNode get(long id) {
		return this.cluster.nodes()
			.stream()
			.filter((node) -> node.nodeId() == id)
			.findFirst()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no node " + id));
	}

	/**
	 * Returns a node whose daemon answers.
	 * @param id its id
	 * @throws ResponseStatusException if it does not
	 */
	EmbeddedNode getWorking(long id) {
		EmbeddedNode node = get(id);
		if (!node.isRunning()) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "Node " + id + " does not run: start it first");
		}
		if (node.isPaused()) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "Node " + id + " is paused: resume it first");
		}
		return node;
	}

	/**
	 * Cuts the network between sets of nodes. Nodes that are in none form one more.
	 * @param sets the sets of node ids
	 * @throws ResponseStatusException if a node is in two of them, or does not exist
	 */
	synchronized void split(List<Set<Integer>> sets) {
		Set<Integer> rest = ids();
		List<Set<Integer>> wanted = new ArrayList<>();
		for (Set<Integer> set : sets) {
			if (set == null || set.stream().anyMatch(Objects::isNull) || !rest.containsAll(set)) {
				throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
						"A side is a list of nodes from 1 to %d, and a node is on one side only"
							.formatted(ClusterConfiguration.NODES));
			}
			rest.removeAll(set);
			wanted.add(new TreeSet<>(set));
		}
		wanted.add(rest);
		wanted.removeIf(Set::isEmpty);
		partition(wanted);
		this.sides = List.copyOf(wanted);
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private void partition(List<Set<Integer>> wanted) {
		this.cluster.partition(wanted.toArray(new Set[0]));
	}

	/** Has all nodes run and reach each other. */
	void restore() {
		split(List.of());
		this.cluster.nodes().forEach((node) -> {
			node.resume();
			node.start();
		});
	}

	/** Returns the sides, by their first node. */
	List<Set<Integer>> sides() {
		return this.sides.stream().sorted((a, b) -> a.iterator().next() - b.iterator().next()).toList();
	}

	List<NodeStatus> status() {
		return this.cluster.nodes().stream().map(NodeStatus::of).toList();
	}

	/**
	 * A node in the form that the page receives.
	 *
	 * @param id the node's id
	 * @param running whether its daemon runs
	 * @param paused whether its daemon is paused
	 */
	record NodeStatus(int id, boolean running, boolean paused) {

		static NodeStatus of(EmbeddedNode node) {
			return new NodeStatus(node.nodeId(), node.isRunning(), node.isPaused());
		}

	}

}

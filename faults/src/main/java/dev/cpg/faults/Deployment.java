package dev.cpg.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cpg.faults.member.Places;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import org.jspecify.annotations.Nullable;

/**
 * The members on the nodes of a cluster. Each has a place, in which one process follows
 * the other. For one thread, which the processes end with.
 */
final class Deployment {

	static final int MEMBERS_OF_NODE = 2;

	private static final Duration END_LIMIT = Duration.ofSeconds(20);

	private final CorosyncCluster cluster;

	private final Path directory;

	private final Journal journal;

	private final boolean stateFiles;

	private final Map<String, MemberProcess> members = new LinkedHashMap<>();

	private final Map<String, Integer> incarnations = new LinkedHashMap<>();

	/**
	 * Creates a deployment without members.
	 * @param directory where the members write
	 * @param stateFiles whether members keep the highest tokens in files
	 */
	Deployment(CorosyncCluster cluster, Path directory, Journal journal, boolean stateFiles) {
		this.cluster = cluster;
		this.directory = directory;
		this.journal = journal;
		this.stateFiles = stateFiles;
	}

	CorosyncCluster cluster() {
		return this.cluster;
	}

	List<CorosyncNode> nodes() {
		return this.cluster.nodes();
	}

	/** Starts what does not run. */
	void startAll() {
		for (CorosyncNode node : nodes()) {
			startOn(node.nodeId());
		}
	}

	void startOn(int node) {
		for (int place = 0; place < MEMBERS_OF_NODE; place++) {
			start(node, place);
		}
	}

	/** Starts a member if there is none in this place. */
	void start(int node, int place) {
		String name = name(node, place);
		MemberProcess present = this.members.get(name);
		if (present == null || !present.isAlive()) {
			int incarnation = this.incarnations.merge(name, 1, Integer::sum);
			Path stateFile = this.stateFiles ? this.directory.resolve(name + ".tokens") : null;
			this.members.put(name, MemberProcess.start(new Places(name + "#" + incarnation,
					this.cluster.node(node).socketDirectory(), this.directory, stateFile)));
		}
	}

	private static String name(int node, int place) {
		return "n" + node + (char) ('a' + place);
	}

	/** Returns the present or last process in a place. */
	MemberProcess member(int node, int place) {
		return Objects.requireNonNull(this.members.get(name(node, place)));
	}

	/** Returns the process with an address, {@code null} if there is none. */
	@Nullable MemberProcess member(String address) {
		return running().stream().filter((member) -> address.equals(member.address())).findFirst().orElse(null);
	}

	List<MemberProcess> membersOn(int node) {
		return List.of(member(node, 0), member(node, 1));
	}

	Collection<MemberProcess> all() {
		return this.members.values();
	}

	List<MemberProcess> running() {
		return this.members.values().stream().filter(MemberProcess::isAlive).toList();
	}

	void kill(MemberProcess member) {
		if (member.isAlive()) {
			this.journal.died(member);
			member.kill();
		}
	}

	/** Has a member leave and end, and does not wait. */
	void end(MemberProcess member) {
		if (member.isAlive()) {
			this.journal.ended(member);
			member.end();
		}
	}

	/**
	 * Waits for the end that was asked for.
	 * @return whether the process has ended by itself; else it is killed
	 */
	boolean awaitEnd(MemberProcess member) {
		boolean ended = member.await(END_LIMIT);
		kill(member);
		return ended;
	}

	void killDaemon(CorosyncNode node) {
		if (node.isRunning()) {
			this.journal.daemonDied(node.nodeId());
			node.kill();
		}
	}

	void stopDaemon(CorosyncNode node) {
		if (node.isRunning()) {
			this.journal.daemonDied(node.nodeId());
			node.stop();
		}
	}

}

package dev.cpg.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

import dev.cpg.faults.member.Places;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncClusterException;
import dev.cpg.test.CorosyncNode;
import org.jspecify.annotations.Nullable;

/**
 * The members on the nodes of a cluster. Each has a place, in which one process follows
 * the other. For one thread, which the processes end with.
 */
final class Deployment {

	static final int MEMBERS_OF_NODE = 2;

	/**
	 * A member that ends waits for sends under way, and has 5 seconds to leave.
	 */
	static final Duration END_LIMIT = Duration.ofSeconds(25);

	private final CorosyncCluster cluster;

	private final Path directory;

	private final Journal journal;

	private final boolean stateFiles;

	private final boolean batching;

	private final SplittableRandom random;

	private final Map<String, MemberProcess> members = new LinkedHashMap<>();

	private final Map<String, Integer> incarnations = new LinkedHashMap<>();

	private final List<String> failures = new ArrayList<>();

	/**
	 * Creates a deployment without members.
	 * @param directory where the members write
	 * @param stateFiles whether members keep the highest tokens in files
	 * @param batching whether members send messages in batches
	 * @param random decides what members send
	 */
	Deployment(CorosyncCluster cluster, Path directory, Journal journal, boolean stateFiles, boolean batching,
			SplittableRandom random) {
		this.batching = batching;
		this.cluster = cluster;
		this.directory = directory;
		this.journal = journal;
		this.stateFiles = stateFiles;
		this.random = random;
	}

	CorosyncCluster cluster() {
		return this.cluster;
	}

	/** Returns whether members keep the highest tokens in files. */
	boolean keepsTokens() {
		return this.stateFiles;
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
			start(name(node, place));
		}
	}

	/** Starts another process in the place of one, if that has ended. */
	void restart(MemberProcess member) {
		start(member.name().substring(0, member.name().indexOf('#')));
	}

	private void start(String name) {
		MemberProcess present = this.members.get(name);
		if (present == null || !present.isAlive()) {
			noteFailure(present);
			int incarnation = this.incarnations.merge(name, 1, Integer::sum);
			int node = name.charAt(1) - '0';
			Path stateFile = this.stateFiles ? this.directory.resolve(name + ".tokens") : null;
			this.members.put(name,
					MemberProcess.start(new Places(name + "#" + incarnation, this.cluster.node(node).socketDirectory(),
							this.directory, stateFile, this.random.nextLong(), this.batching)));
		}
	}

	private static String name(int node, int place) {
		return "n" + node + (char) ('a' + place);
	}

	private void noteFailure(@Nullable MemberProcess member) {
		if (member != null && member.hasFailed()) {
			this.failures.add(member + " ended by itself; see its log");
		}
	}

	/** Returns what members did that they must not. */
	List<String> failures() {
		return this.failures;
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

	/** Returns those that do what they are asked for. */
	List<MemberProcess> active() {
		return this.members.values().stream().filter(MemberProcess::isActive).toList();
	}

	void kill(MemberProcess member) {
		noteFailure(member);
		if (member.isAlive()) {
			this.journal.died(member);
			member.kill();
		}
	}

	/** Has a member leave and end, and does not wait. */
	void end(MemberProcess member) {
		if (member.isAlive()) {
			this.journal.ended(member.name());
			member.end();
		}
	}

	/** Kills a member whose end was asked for and takes too long. */
	void killLate(MemberProcess member) {
		this.failures.add(member + " did not end within " + END_LIMIT);
		kill(member);
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
			try {
				node.stop();
			}
			catch (CorosyncClusterException ex) {
				// Corosync hangs in its own leave now and then.
				node.kill();
			}
		}
	}

}

package dev.cpg.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.corosync.CorosyncConnector;
import org.jspecify.annotations.Nullable;

/**
 * One node of a {@link CorosyncCluster}: a corosync daemon with a network, a state
 * directory and sockets of its own. Stopping it and starting it again keeps its state
 * directory. Any thread may call any method; calls that change the same cluster wait for
 * each other. A thread that is interrupted while it waits for a daemon gets a
 * {@link CorosyncClusterException}; the daemon still does what it was asked to do.
 */
public final class CorosyncNode implements TestNode {

	private static final Duration END_LIMIT = Duration.ofSeconds(20);

	private static final Duration STATUS_LIMIT = Duration.ofSeconds(3);

	private final ClusterWorld world;

	private final int nodeId;

	private final TestMembers members;

	private final Path directory;

	private final boolean quorumProvider;

	private volatile @Nullable DaemonProcess daemon;

	private volatile boolean paused;

	private volatile boolean cut;

	/** The nodes that nothing reaches that this one sends. */
	private final Set<Integer> missed = new ConcurrentSkipListSet<>();

	CorosyncNode(ClusterWorld world, int nodeId, int mtu, ClusterConfiguration configuration, ClusterKey key,
			TestMembers members) throws IOException {
		this.world = world;
		this.nodeId = nodeId;
		this.members = members;
		this.quorumProvider = configuration.quorumProvider();
		this.directory = world.directory().resolve(Integer.toString(nodeId));
		Files.createDirectory(this.directory);
		Files.writeString(this.directory.resolve("corosync.conf"), configuration.text());
		key.writeTo(this.directory);
		Files.copy(world.directory().resolve("daemon.sh"), this.directory.resolve("daemon.sh"));
		world.command("create " + nodeId + " " + mtu);
	}

	@Override
	public int nodeId() {
		return this.nodeId;
	}

	@Override
	public CpgConnector connector() {
		return connectorBuilder().build();
	}

	@Override
	public CpgConnector connector(long memberId) {
		return connectorBuilder().memberId(memberId).build();
	}

	@Override
	public TestMember join(String group) {
		return this.members.join(connector(), group);
	}

	private CorosyncConnector.Builder connectorBuilder() {
		return CorosyncConnector.builder().name("cpg-test-node" + this.nodeId).socketDirectory(socketDirectory());
	}

	/**
	 * The directory of the daemon's socket files ({@code cpg}, {@code quorum},
	 * {@code cmap} and so on). The user who started the cluster can connect, from any
	 * process.
	 * @return a path as processes outside of the cluster see it, short enough for a
	 * socket's address
	 */
	public Path socketDirectory() {
		return this.directory.resolve("run");
	}

	/**
	 * The node's directory, which commands on the node see as {@code /var/lib/corosync}.
	 * To bring something into the node's world, put a file here.
	 * @return a path as processes outside of the cluster see it
	 * @see #exec(String...)
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Everything that the daemon has logged, since its first start.
	 * @return the text, empty before the first start
	 */
	public String log() {
		try {
			Path file = logFile();
			return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
		}
		catch (IOException ex) {
			throw new CorosyncClusterException("Cannot read the log of node " + this.nodeId + ": " + ex, ex);
		}
	}

	/**
	 * The file that {@link #log()} reads.
	 * @return a path as processes outside of the cluster see it
	 */
	public Path logFile() {
		return this.directory.resolve("corosync.log");
	}

	/**
	 * Returns whether the daemon runs, paused or not.
	 * @return false before the first start, and after the daemon was stopped, was killed
	 * or ended by itself
	 */
	@Override
	public boolean isRunning() {
		DaemonProcess current = this.daemon;
		return current != null && current.isAlive();
	}

	/**
	 * Whether the daemon runs and is stopped by {@link #pause()}.
	 * @return whether it is paused
	 */
	@Override
	public boolean isPaused() {
		return this.paused && isRunning();
	}

	/**
	 * Whether the node's link is cut.
	 * @return whether it is
	 */
	public boolean isCut() {
		return this.cut;
	}

	/**
	 * The daemon's process id on the machine.
	 * @return the id, empty if the daemon does not run
	 */
	public Optional<Long> pid() {
		DaemonProcess current = this.daemon;
		return (current != null && current.isAlive()) ? Optional.of(current.pid()) : Optional.empty();
	}

	/**
	 * Starts the daemon if it does not run. Does not wait for the cluster to form. Files
	 * that an earlier daemon of this node left in {@code /dev/shm} are removed first. If
	 * the node is started before the others have noticed its death, corosync may take 15
	 * seconds and more to let it in again.
	 * @see CorosyncCluster#awaitFormed(Duration)
	 */
	@Override
	public void start() {
		synchronized (this.world) {
			if (!isRunning()) {
				this.paused = false;
				this.daemon = DaemonProcess.parse(this.world.command("start " + this.nodeId));
			}
		}
	}

	/**
	 * Ends the daemon as an administrator would (SIGTERM): it leaves the cluster, and
	 * removes its files. Does nothing if it does not run. Returns when the daemon has
	 * ended, and fails if that takes longer than 20 seconds.
	 */
	@Override
	public void stop() {
		synchronized (this.world) {
			if (isRunning()) {
				signal("TERM");
				resume();
				awaitEnd("stop");
			}
		}
	}

	/**
	 * Kills the daemon (SIGKILL), paused or not. Its files in {@code /dev/shm} stay
	 * behind, as they would in production, until the next start of this node or the end
	 * of the cluster. Does nothing if the daemon does not run.
	 */
	@Override
	public void kill() {
		synchronized (this.world) {
			if (isRunning()) {
				signal("KILL");
				awaitEnd("kill");
			}
		}
	}

	/**
	 * Pauses the daemon (SIGSTOP), and returns when it has stopped. Does nothing if it
	 * does not run.
	 */
	@Override
	public void pause() {
		synchronized (this.world) {
			DaemonProcess current = this.daemon;
			if (current != null && current.isAlive()) {
				signal("STOP");
				this.paused = true;
				if (!Waiting.until(END_LIMIT, () -> current.isStopped() || !current.isAlive())) {
					throw new CorosyncClusterException(
							"Node " + this.nodeId + " did not pause within " + END_LIMIT + ". " + logTail());
				}
			}
		}
	}

	/**
	 * Resumes a paused daemon (SIGCONT).
	 */
	@Override
	public void resume() {
		synchronized (this.world) {
			if (isPaused()) {
				signal("CONT");
			}
			this.paused = false;
		}
	}

	/**
	 * Takes the node's network link down: the node is in a partition of its own. Its
	 * sockets stay reachable.
	 */
	public void cut() {
		synchronized (this.world) {
			this.world.command("link " + this.nodeId + " down");
			this.cut = true;
		}
	}

	/**
	 * Takes the node's network link up again.
	 */
	public void heal() {
		synchronized (this.world) {
			this.world.command("link " + this.nodeId + " up");
			this.cut = false;
		}
	}

	/** Returns whether this node and another one, or this one itself, hear each other. */
	boolean isLinkedTo(CorosyncNode other) {
		return !this.missed.contains(other.nodeId) && !other.missed.contains(this.nodeId)
				&& (other == this || !(this.cut || other.cut));
	}

	/** Sets which nodes nothing reaches that this one sends. */
	void miss(Set<Integer> nodeIds) {
		synchronized (this.world) {
			change("unite", this.missed, nodeIds);
			change("part", nodeIds, this.missed);
			this.missed.retainAll(nodeIds);
			this.missed.addAll(nodeIds);
		}
	}

	/** Sets one more of these. */
	void miss(int otherNodeId) {
		synchronized (this.world) {
			Set<Integer> more = new TreeSet<>(this.missed);
			more.add(otherNodeId);
			miss(more);
		}
	}

	/** Has the world do something to the first ones of which the others are none. */
	private void change(String verb, Set<Integer> nodeIds, Set<Integer> others) {
		String changed = nodeIds.stream()
			.filter((nodeId) -> !others.contains(nodeId))
			.map(String::valueOf)
			.collect(Collectors.joining(" "));
		if (!changed.isEmpty()) {
			this.world.command(verb + " " + this.nodeId + " " + changed);
		}
	}

	/**
	 * Starts a command in the node's world, where {@code corosync-quorumtool} and
	 * programs that use libcpg reach the node's daemon. {@code /tmp}, {@code /run},
	 * {@code /var/lib/corosync} are those of the node, other directories those of the
	 * machine, and the working directory is {@code /}. The command ends with the returned
	 * process or with the cluster, whichever ends first.
	 * @param command a program and its arguments
	 * @return the process, its standard error joined with its standard output; its pid is
	 * that of a shell around the command, whose only child is the command
	 * @see #directory()
	 */
	public Process exec(String... command) {
		try {
			// A shell waits for the command, not nsenter: nsenter stops when the command
			// is stopped, and would then keep a killed command, and so the cluster's
			// world, forever.
			List<String> line = new ArrayList<>(
					List.of("nsenter", "--user", "--preserve-credentials", "--net", "--mount", "--pid", "--no-fork",
							"--target", Files.readString(this.directory.resolve("keeper")).strip(), "sh", "-c",
							"\"$@\"; exit $?", "sh", "setpriv", "--pdeathsig", "KILL", "--"));
			line.addAll(Arrays.asList(command));
			ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
			builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
			return builder.start();
		}
		catch (IOException ex) {
			throw new CorosyncClusterException(
					"Cannot run " + String.join(" ", command) + " on node " + this.nodeId + ": " + ex, ex);
		}
	}

	/**
	 * Reads the ring from the daemon, with {@code corosync-quorumtool}, or without it if
	 * the cluster has no quorum provider.
	 * @return empty if the daemon does not run, is paused, or does not answer within 3
	 * seconds
	 */
	public Optional<RingStatus> ringStatus() {
		if (!isRunning() || isPaused()) {
			return Optional.empty();
		}
		if (!this.quorumProvider) {
			return ringOfQuorumService();
		}
		Process process = exec("corosync-quorumtool", "-s", "-p");
		try {
			if (process.waitFor(STATUS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
				return RingStatus.parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
			}
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CorosyncClusterException("Interrupted while asking node " + this.nodeId + " for its ring", ex);
		}
		catch (IOException ex) {
			return Optional.empty();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** Changes a number of the configuration that the daemon has loaded. */
	void setConfiguration(String key, int value) {
		Process process = exec("corosync-cmapctl", "-s", key, "u32", Integer.toString(value));
		try {
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (process.waitFor() != 0) {
				throw new CorosyncClusterException("Cannot set " + key + " on node " + this.nodeId + ": " + output);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CorosyncClusterException("Interrupted while setting " + key + " on node " + this.nodeId, ex);
		}
		catch (IOException ex) {
			throw new CorosyncClusterException("Cannot set " + key + " on node " + this.nodeId + ": " + ex, ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/** {@code corosync-quorumtool} says nothing without a provider. */
	private Optional<RingStatus> ringOfQuorumService() {
		try (CpgQuorumConnection connection = connector().connectQuorum((quorum) -> {
		})) {
			return RingStatus.of(connection.quorum());
		}
		catch (CorosyncException ex) {
			return Optional.empty();
		}
	}

	String logTail() {
		String log = log();
		int from = Math.max(0, log.length() - 2000);
		// Starts with a whole line.
		from = (from > 0) ? log.indexOf('\n', from) + 1 : 0;
		return "Node " + this.nodeId + " (" + state() + ") logged at last:\n" + log.substring(from).strip();
	}

	private String state() {
		return (isRunning() ? (isPaused() ? "paused" : "running") : "not running") + (isCut() ? ", cut off" : "")
				+ (this.missed.isEmpty() ? "" : ", not heard by " + this.missed);
	}

	private void signal(String name) {
		this.world.command("signal " + this.nodeId + " " + name);
	}

	private void awaitEnd(String what) {
		if (!Waiting.until(END_LIMIT, () -> !isRunning())) {
			throw new CorosyncClusterException(
					"Node " + this.nodeId + " did not " + what + " within " + END_LIMIT + ". " + logTail());
		}
		this.paused = false;
	}

	@Override
	public String toString() {
		return "node " + this.nodeId + " (" + state() + ")";
	}

}

package dev.cpg.test;

import dev.cpg.client.CpgConnector;

/**
 * A node of a {@link TestCluster}: its daemon, and the faults that it may have. Any
 * thread may call any method. Each fault has happened when the method returns; what the
 * other nodes make of it, they do afterwards.
 */
public sealed interface TestNode permits CorosyncNode, EmbeddedTestNode {

	/**
	 * The node's id in the cluster.
	 * @return the id, from 1
	 */
	int nodeId();

	/**
	 * Returns a connector to this node's daemon, whose connections join with any member
	 * id that is free.
	 * @return a connector, also while the daemon does not run
	 */
	CpgConnector connector();

	/**
	 * Returns a connector to this node's daemon, whose connections join with one member
	 * id. A second one is not admitted to a group that the first one is in.
	 * @param memberId what other members see as the process id, an unsigned 32-bit number
	 * @return a connector, also while the daemon does not run
	 */
	CpgConnector connector(long memberId);

	/**
	 * Makes a member of a group on this node. The test plays it. Members on other nodes
	 * are notified of it afterwards: if this node dies before, they never are.
	 * @param group the group's name
	 * @return the member, when it has joined
	 * @throws dev.cpg.client.CorosyncException if there is no daemon, it is paused, or
	 * the member is not admitted
	 */
	TestMember join(String group);

	/**
	 * Kills the daemon, paused or not. Its connections end, and the other nodes notice
	 * that it is gone. Does nothing if it does not run.
	 */
	void kill();

	/**
	 * Stops the daemon in order: it leaves the cluster, and its connections end. Does
	 * nothing if it does not run.
	 */
	void stop();

	/**
	 * Starts the daemon if it does not run. Does not wait until it is in a ring with the
	 * others.
	 * @see TestCluster#restore()
	 */
	void start();

	/**
	 * Stops the daemon at the place where it is, as {@code SIGSTOP} does. The other nodes
	 * take it for dead; its connections stay open and do not notice. Does nothing if it
	 * does not run.
	 */
	void pause();

	/**
	 * Lets a paused daemon go on.
	 */
	void resume();

	/**
	 * Returns whether the daemon runs, paused or not.
	 * @return false after it was stopped or killed
	 */
	boolean isRunning();

	/**
	 * Returns whether the daemon runs and is paused.
	 * @return whether it is
	 */
	boolean isPaused();

	/**
	 * Has the daemon drop the next messages that are sent on this node, as Corosync does
	 * when its queue is full: senders get the outcome
	 * {@link dev.cpg.client.CpgSendException.Outcome#LOST}, other members nothing.
	 * @param count how many; zero takes back what was set before
	 * @throws UnsupportedOperationException on Corosync, whose daemon drops messages only
	 * under load
	 */
	default void dropNext(int count) {
		throw TestCluster.onlyInsideTheJvm("drop a message");
	}

	/**
	 * Sets whether this node is quorate, whatever the votes are, until
	 * {@link #resetQuorate()}; the other nodes do not notice.
	 * @param quorate whether it is
	 * @throws IllegalStateException if the cluster has no quorum provider
	 * @throws UnsupportedOperationException on Corosync, where the nodes of a ring agree
	 */
	default void setQuorate(boolean quorate) {
		throw TestCluster.onlyInsideTheJvm("disagree with its ring on quorum");
	}

	/**
	 * Lets the votes decide again whether this node is quorate. Does nothing on Corosync.
	 */
	default void resetQuorate() {
	}

}

package dev.cpg.test;

import dev.cpg.client.CpgConnector;
import dev.cpg.embedded.EmbeddedNode;

/**
 * A node of a cluster inside the JVM.
 *
 * @param node the node
 * @param members the members that the test plays
 */
record EmbeddedTestNode(EmbeddedNode node, TestMembers members) implements TestNode {

	@Override
	public int nodeId() {
		return this.node.nodeId();
	}

	@Override
	public CpgConnector connector() {
		return this.node.connector();
	}

	@Override
	public CpgConnector connector(long memberId) {
		return this.node.connector(memberId);
	}

	@Override
	public TestMember join(String group) {
		return this.members.join(connector(), group);
	}

	@Override
	public void kill() {
		this.node.kill();
	}

	@Override
	public void stop() {
		this.node.stop();
	}

	@Override
	public void start() {
		this.node.start();
	}

	@Override
	public void pause() {
		this.node.pause();
	}

	@Override
	public void resume() {
		this.node.resume();
	}

	@Override
	public boolean isRunning() {
		return this.node.isRunning();
	}

	@Override
	public boolean isPaused() {
		return this.node.isPaused();
	}

	@Override
	public void dropNext(int count) {
		this.node.dropNext(count);
	}

	@Override
	public void setQuorate(boolean quorate) {
		this.node.setQuorate(quorate);
	}

	@Override
	public void resetQuorate() {
		this.node.resetQuorate();
	}

	@Override
	public String toString() {
		return this.node.toString();
	}

}

package dev.cpg.benchmarks.failover;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.leader.LeaderLatchListener;
import org.apache.curator.retry.ExponentialBackoffRetry;

/**
 * A {@code LeaderLatch} of Curator with its default time-outs.
 */
final class CuratorCandidate implements Candidate, LeaderLatchListener {

	private final CuratorFramework client;

	private final Runnable granted;

	private LeaderLatch latch;

	CuratorCandidate(String servers, Runnable granted) throws Exception {
		this.granted = granted;
		// The retry policy of Curator's documentation.
		this.client = CuratorFrameworkFactory.newClient(servers, new ExponentialBackoffRetry(1000, 3));
		this.client.start();
		this.latch = latch();
	}

	private LeaderLatch latch() throws Exception {
		LeaderLatch next = new LeaderLatch(this.client, "/failover");
		next.addListener(this);
		next.start();
		return next;
	}

	@Override
	public void isLeader() {
		this.granted.run();
	}

	@Override
	public void notLeader() {
		// Whoever leads next says so.
	}

	@Override
	public boolean isIn() {
		return this.latch.getOurPath() != null;
	}

	@Override
	public void giveUp() throws Exception {
		this.latch.close();
		this.latch = latch();
	}

}

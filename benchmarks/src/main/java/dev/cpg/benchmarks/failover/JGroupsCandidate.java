package dev.cpg.benchmarks.failover;

import java.util.Objects;

import org.jgroups.JChannel;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * A member of a JGroups cluster over its TCP stack, {@code tcp.xml}, with the settings
 * that come with it. The coordinator of the view leads.
 */
final class JGroupsCandidate implements Candidate, Receiver {

	private static final String CLUSTER = "failover";

	private final JChannel channel;

	private final Runnable granted;

	private final boolean first;

	private boolean coordinator;

	private volatile int size;

	/**
	 * Connects to the cluster.
	 * @param first whether nobody is there yet
	 */
	JGroupsCandidate(boolean first, Runnable granted) throws Exception {
		this.first = first;
		this.granted = granted;
		// The members of one machine find each other by the default ports.
		System.setProperty("jgroups.bind_addr", "127.0.0.1");
		this.channel = new JChannel("tcp.xml");
		this.channel.setReceiver(this);
		this.channel.connect(CLUSTER);
	}

	@Override
	public void viewAccepted(View view) {
		// On a busy machine a member may find nobody at first, and coordinate itself.
		boolean now = view.size() > 1 && Objects.equals(view.getCoord(), this.channel.getAddress());
		if (now && !this.coordinator) {
			this.granted.run();
		}
		this.coordinator = now;
		this.size = view.size();
	}

	@Override
	public boolean isIn() {
		return this.channel.isConnected() && (this.first || this.size > 1);
	}

	@Override
	public void giveUp() throws Exception {
		this.channel.disconnect();
		this.coordinator = false;
		this.size = 0;
		this.channel.connect(CLUSTER);
	}

}

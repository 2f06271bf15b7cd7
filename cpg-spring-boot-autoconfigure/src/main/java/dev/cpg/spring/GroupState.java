package dev.cpg.spring;

import java.util.Set;

import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgDeliveryStatistics;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgTotemConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The group as it is known at present. The membership's thread writes it until the join,
 * the connection's delivery thread from then on; any thread reads it.
 */
final class GroupState implements CpgGroup {

	private final String name;

	private final ListenerCalls listenerCalls;

	private final CpgQuorumMonitor quorum;

	private volatile KnownGroup known = KnownGroup.NOTHING;

	/**
	 * The messages that were dropped on the connections before the present one. On each
	 * there is one join, after which its own count never falls.
	 */
	private long droppedBefore;

	/** The batches on these connections, likewise. */
	private CpgBatchStatistics batchesBefore = CpgBatchStatistics.NONE;

	GroupState(String name, ListenerCalls listenerCalls, CpgQuorumMonitor quorum) {
		this.name = name;
		this.quorum = quorum;
		this.listenerCalls = listenerCalls;
	}

	ListenerCalls listenerCalls() {
		return this.listenerCalls;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public CpgGroupSnapshot getSnapshot() {
		KnownGroup known = this.known;
		CpgConnection connection = known.connection();
		return ((connection != null && known.isLost()) ? known.disconnected(connection.failure()) : known)
			.snapshot(this.quorum.getQuorum());
	}

	/**
	 * Returns the connection to send on, {@code null} if there is none. One that has
	 * ended is none, even if some of its events still wait for listeners.
	 */
	@Nullable CpgConnection connection() {
		KnownGroup known = this.known;
		return known.isLost() ? null : known.connection();
	}

	/**
	 * Returns the figures of the connection whose events are published, which may have
	 * ended already.
	 */
	CpgDeliveryStatistics statistics() {
		CpgConnection connection = this.known.connection();
		return (connection != null) ? connection.statistics() : CpgDeliveryStatistics.NONE;
	}

	/** Returns the nodes of the ring and of the members that have no known name. */
	Set<Long> unnamedNodes() {
		return this.known.unnamedNodes();
	}

	/** Returns how many messages of others were dropped, on all connections. */
	synchronized long droppedMessages() {
		return this.droppedBefore + statistics().droppedMessages();
	}

	/** Returns how it stands with batches, and the counts of all connections. */
	synchronized CpgBatchStatistics batchStatistics() {
		CpgConnection connection = this.known.connection();
		return ((connection != null) ? connection.batchStatistics() : CpgBatchStatistics.NONE)
			.after(this.batchesBefore);
	}

	/** The present connection is about to be another one, or none. */
	private void keepCounts() {
		this.droppedBefore = droppedMessages();
		this.batchesBefore = batchStatistics();
	}

	synchronized void connected(CpgConnection connection, CpgNames names) {
		if (connection != this.known.connection()) {
			keepCounts();
		}
		this.known = this.known.connected(connection, names);
	}

	synchronized void joinAgreed() {
		this.known = this.known.joinAgreed();
	}

	synchronized void changed(CpgConnection connection, CpgConfigurationChange change) {
		this.known = this.known.changed(connection, change);
	}

	synchronized void changed(CpgConnection connection, CpgTotemConfiguration configuration) {
		this.known = this.known.changed(connection, configuration);
	}

	synchronized void named(CpgNames names) {
		if (this.known.connection() != null) {
			this.known = this.known.named(names);
		}
	}

	synchronized void disconnected(@Nullable Throwable failure) {
		keepCounts();
		this.known = this.known.disconnected(failure);
	}

	synchronized void membershipEnded(@Nullable Throwable cause) {
		keepCounts();
		this.known = this.known.membershipEnded(cause);
	}

}

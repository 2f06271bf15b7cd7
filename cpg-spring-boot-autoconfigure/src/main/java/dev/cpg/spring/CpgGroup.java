package dev.cpg.spring;

import java.time.Instant;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * Who is in the group now, as far as this service has been notified. Any thread may ask;
 * the answer comes from memory and never waits for the daemon. A listener that asks sees
 * the change that its event reports.
 * <p>
 * As soon as the connection has ended there are no members, whatever events still wait to
 * be published.
 */
public interface CpgGroup {

	/**
	 * Returns the group's name.
	 */
	String getName();

	/**
	 * Returns all that is known, as of one moment. Use it to get more than one property:
	 * between two calls of the other methods the group may change.
	 */
	CpgGroupSnapshot getSnapshot();

	/**
	 * Returns whether this service is a member.
	 */
	default State getState() {
		return getSnapshot().state();
	}

	/**
	 * Returns why this service is not a member: the last failure to connect or join, or
	 * what ended the connection.
	 * @return the failure, or {@code null} if there was none or this service is a member
	 */
	default @Nullable Throwable getFailure() {
		return getSnapshot().failure();
	}

	/**
	 * Returns the address under which this service is a member, or {@code null} if there
	 * is no connection.
	 */
	default @Nullable CpgAddress getLocalAddress() {
		return getSnapshot().localAddress();
	}

	/**
	 * Returns the members, sorted by node id and pid; empty if this service is not a
	 * member; unmodifiable.
	 */
	default List<Member> getMembers() {
		return getSnapshot().members();
	}

	/**
	 * Returns the members and the ring that they agreed on, with what is known of its
	 * quorum now; {@link CpgView#NONE} if this service is not a member.
	 */
	default CpgView getView() {
		return getSnapshot().view();
	}

	/**
	 * Returns the ring, {@link RingId#NONE} if this service is not a member.
	 */
	default RingId getRing() {
		return getSnapshot().ring();
	}

	/**
	 * Returns the ids of the ring's nodes, unsigned 32-bit numbers; empty if this service
	 * is not a member; unmodifiable. Corosync reports a new ring's nodes after the
	 * members that came and went with them: in between these are still the nodes of the
	 * previous ring.
	 */
	default List<Long> getRingNodeIds() {
		return getSnapshot().ringNodeIds();
	}

	/**
	 * Returns what is known of the quorum of the view's ring: whether its nodes are
	 * enough of the cluster to act for it. This is as of now, also for a listener that
	 * has not been notified of it yet. It is known once corosync has reported the quorum
	 * of this very ring and these nodes, a moment after a change of the nodes; until then
	 * and without a connection it is {@link CpgQuorumState#UNKNOWN}.
	 */
	default CpgQuorumState getQuorum() {
		return getSnapshot().quorum();
	}

	/**
	 * Returns the members that are likely gone although no change reported it: those on
	 * nodes that are not in the ring. Just after a change of the ring a member may be
	 * here for a moment. One that stays here for minutes is counted by corosync until
	 * corosync is restarted. Usually empty; unmodifiable.
	 */
	default List<Member> getSuspects() {
		return getSnapshot().suspects();
	}

	/**
	 * Returns whether the daemon accepts no messages at the moment: the nodes are forming
	 * a new ring, or totem's queue is full. Sends wait meanwhile; the members stay as
	 * they were last reported.
	 */
	default boolean isSynchronizing() {
		return getSnapshot().synchronizing();
	}

	/**
	 * Returns whether all that is known is as of now: this service is a member, and no
	 * change of the members or the ring has arrived that listeners still have to be
	 * notified of. It is {@code false} while changes wait for a listener that is busy
	 * with an earlier event, and while so many events wait that the daemon keeps further
	 * ones. A listener that is called with a change has the group as of that change,
	 * which may be followed by others. What the daemon itself has not heard of, on the
	 * other side of a split for example, nobody here can know.
	 */
	default boolean isCurrent() {
		return getSnapshot().current();
	}

	/**
	 * Returns the names of the cluster and its nodes. They are read when the connection
	 * is opened, and again when a node without a known name appears;
	 * {@link CpgNames#NONE} if there is no connection or corosync has no names.
	 */
	default CpgNames getNames() {
		return getSnapshot().names();
	}

	/**
	 * Whether this service is a member of the group.
	 */
	enum State {

		/** There is no connection: not started, stopped, lost or not established yet. */
		DISCONNECTED,

		/** There is a connection, but this service has not joined, or has left. */
		CONNECTED,

		/** This service is a member. */
		JOINED

	}

	/**
	 * A member of the group.
	 *
	 * @param address its address
	 * @param since when it was first reported on this connection: the time of this
	 * service's join for those that were members before
	 * @param local whether it is this service itself
	 */
	record Member(CpgAddress address, Instant since, boolean local) {
	}

}

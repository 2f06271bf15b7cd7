package dev.cpg.spring;

import java.time.Instant;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * Who is in the group, now, as this service has been told. Any thread may ask; the answer
 * comes from memory and never waits for the daemon. A listener sees what the event that
 * it is told tells of.
 * <p>
 * A membership is never pretended: as soon as the connection has ended there are no
 * members, whatever was known before and whatever events still wait to be published.
 */
public interface CpgGroup {

	/**
	 * Returns the group's name.
	 */
	String getName();

	/**
	 * Returns all that is known, as of one moment. Whoever asks for more than one thing
	 * asks here: between two calls of the other methods the group may change.
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
	 * Returns the members and the ring that they agreed on, {@link CpgView#NONE} if this
	 * service is not a member.
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
	 * is not a member; unmodifiable. Corosync tells of a new ring's nodes after it told
	 * of the members that came and went with them: in between these are still the nodes
	 * of the ring before.
	 */
	default List<Long> getRingNodeIds() {
		return getSnapshot().ringNodeIds();
	}

	/**
	 * Returns the members that are likely gone although no change said so: those on nodes
	 * that the ring does not have. Just after a change of the ring that may be for a
	 * moment; a member that stays here for minutes is one that corosync goes on counting
	 * until it is restarted. Mostly empty; unmodifiable.
	 */
	default List<Member> getSuspects() {
		return getSnapshot().suspects();
	}

	/**
	 * Returns whether the daemon takes no messages at the moment: the nodes agree on a
	 * new ring, or totem's queue is full. Sends wait meanwhile; the members stay as they
	 * were told last.
	 */
	default boolean isSynchronizing() {
		return getSnapshot().synchronizing();
	}

	/**
	 * Returns the names of the cluster and its nodes, as read when the connection was
	 * opened, and again when a node without a known name came; {@link CpgNames#NONE} if
	 * there is no connection or corosync has none.
	 */
	default CpgNames getNames() {
		return getSnapshot().names();
	}

	/**
	 * Whether this service is a member of the group.
	 */
	enum State {

		/** There is no connection: not started, stopped, lost or not there yet. */
		DISCONNECTED,

		/** There is a connection, but this service has not joined, or has left. */
		CONNECTED,

		/** This service is a member. */
		JOINED

	}

	/**
	 * A member of the group.
	 *
	 * @param address who
	 * @param since when this service first heard of it on this connection: the time of
	 * the own join for those who were there before
	 * @param local whether it is this service itself
	 */
	record Member(CpgAddress address, Instant since, boolean local) {
	}

}

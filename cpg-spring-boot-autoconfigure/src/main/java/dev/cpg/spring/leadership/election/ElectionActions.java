package dev.cpg.spring.leadership.election;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Election} has its owner do. All methods are called within a call of the
 * election, on the same thread, in the order in which things happen; none may block, none
 * may call the election, and none may throw.
 */
public interface ElectionActions {

	/**
	 * Multicasts a message to the group, after those of earlier calls. If it is not
	 * delivered, or that is unknown, {@link Election#sendFailed()} has to be called.
	 * @param message the message, which belongs to the callee
	 */
	void send(byte[] message);

	/**
	 * Sets the one alarm: {@link Election#timeReached()} has to be called then or soon
	 * after. It replaces what was set before.
	 * @param nanoTime when, by the election's clock
	 */
	void schedule(long nanoTime);

	/**
	 * This member leads. {@link RoleStatus#isLeader()} is true already, unless the lease
	 * has ended since.
	 * @param role the role
	 * @param token the token of this leadership
	 */
	void granted(String role, long token);

	/**
	 * This member leads no more. {@link RoleStatus#isLeader()} is false already. With
	 * {@link Reason#YIELD} and {@link Reason#HEALTH} no other member is elected before
	 * {@link Election#released(String)} is called.
	 * @param role the role
	 * @param token the token of the leadership that is over
	 * @param reason why
	 */
	void revoked(String role, long token, Reason reason);

	/**
	 * The members agree on another leader, or on none. A leader that was elected may be
	 * granted its leadership a little later, or never.
	 * @param role the role
	 * @param leader the leader, or {@code null} if there is none
	 * @param vacancy why there is none, {@code null} with a leader
	 */
	void leaderChanged(String role, @Nullable Leader leader, @Nullable Vacancy vacancy);

	/**
	 * A higher token of a role is known. Where tokens are kept, they have to be kept when
	 * this returns: a leadership with the token may be granted next.
	 * @param role the role
	 * @param token the highest token that was ever seen
	 */
	void highestToken(String role, long token);

	/**
	 * A member is suspected to hang, or that is over. It is reported of members that lead
	 * or are about to, and of those that ask for it.
	 * @param member the member
	 * @param suspected whether it is suspected now
	 */
	void suspected(CpgAddress member, boolean suspected);

	/**
	 * Returns whether the connection is open. Without it this member does not lead,
	 * whether the election knows of the end already or not. Any thread may call it, at
	 * any time.
	 */
	default boolean isConnected() {
		return true;
	}

}

package dev.cpg.spring.leadership.election;

import java.util.Map;

import dev.cpg.client.CpgAddress;

/**
 * A message of the election. {@link ElectionCodec} has its bytes.
 */
sealed interface ElectionMessage {

	/**
	 * Returns the number of the member's present life: a member that has ended and come
	 * back under the same address has another one.
	 */
	long incarnation();

	/**
	 * What a member says of itself at the begin of an exchange, and when it changes.
	 *
	 * @param number grows with each of the member's messages of this kind
	 * @param tag the exchange that it belongs to
	 * @param clock the member's time of day, in milliseconds since 1970
	 * @param since when the member came, by its time of day
	 * @param lease the length of the member's leases, in milliseconds
	 * @param ready whether it may lead as far as the application is concerned
	 * @param paired whether it is known to be in a quorate ring
	 * @param heard whether it is to be suspected when it is not heard
	 * @param rules the newest version of the rules of choice that it knows
	 * @param roles how it stands to each of its roles
	 */
	record State(long incarnation, long number, long tag, long clock, long since, long lease, boolean ready,
			boolean paired, boolean heard, int rules, Map<String, RoleState> roles) implements ElectionMessage {

		public State {
			roles = Map.copyOf(roles);
		}

	}

	/**
	 * How a member stands to a role.
	 *
	 * @param priority its priority
	 * @param observer whether it never leads
	 * @param barred whether it must not lead for now
	 * @param holder whether the highest token is its own
	 * @param highest the highest token that it knows
	 * @param live the token that it leads with or is about to, {@link Token#NONE} if it
	 * does not
	 */
	record RoleState(int priority, boolean observer, boolean barred, boolean holder, long highest, long live) {

	}

	/**
	 * The sender asks for the leadership of a role.
	 *
	 * @param digest the rows of the exchange that it has decided by
	 * @param role the role
	 * @param token the token that it is to lead with
	 */
	record Claim(long incarnation, long digest, String role, long token) implements ElectionMessage {

	}

	/**
	 * The sender lives, and what it leads is to go on.
	 *
	 * @param number grows with each of the member's messages of this kind
	 */
	record Renew(long incarnation, long number) implements ElectionMessage {

	}

	/**
	 * The sender leads a role no more.
	 *
	 * @param role the role
	 * @param token the token that it has led with
	 * @param barred whether it must not lead for now
	 */
	record Yield(long incarnation, String role, long token, boolean barred) implements ElectionMessage {

	}

	/**
	 * The sender has not heard of a member for too long.
	 *
	 * @param digest the rows of the exchange
	 * @param suspect the member
	 * @param heard how many of its messages the sender has had in this exchange
	 */
	record Suspect(long incarnation, long digest, CpgAddress suspect, long heard) implements ElectionMessage {

	}

}

package dev.cpg.demo.cluster;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.demo.Lead;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import org.jspecify.annotations.Nullable;

/**
 * Something that one member was notified of.
 *
 * @param id its place on the time line
 * @param at when it was
 * @param member the member
 * @param content what it was
 */
record Notice(long id, Instant at, String member, Content content) {

	enum Kind {

		/** The members of the group changed. */
		CHANGE,

		/** The ring changed. */
		RING,

		/** A message was delivered. */
		MESSAGE,

		/** A message of this member was dropped: nobody received it. */
		LOST,

		/** What became of a message of this member is not known. */
		UNKNOWN,

		/** The ring has quorum, or has lost it. */
		QUORUM,

		/** The members have another leader, or none. */
		LEADER,

		/** This member leads. */
		GRANTED,

		/** This member does not lead any longer. */
		REVOKED,

		/** The member's connection ended. */
		ENDED

	}

	/**
	 * What a member was notified of. Members that were notified of the same thing have
	 * equal ones.
	 *
	 * @param kind what kind of thing
	 * @param ring the ring it happened on
	 * @param left who left
	 * @param joined who joined
	 * @param members the members after a change
	 * @param nodes the nodes of the ring
	 * @param sender who sent the message
	 * @param text the message, or why the connection ended
	 * @param reason what is known of the quorum, why there is no leader, or why this
	 * member does not lead any longer
	 * @param leader who leads
	 * @param token the leader's token
	 */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	record Content(Kind kind, @Nullable String ring, List<Party> left, List<Party> joined, List<String> members,
			List<Long> nodes, @Nullable String sender, @Nullable String text, @Nullable String reason,
			@Nullable String leader, @Nullable Long token) {

		static Content change(String ring, List<CpgMember> left, List<CpgMember> joined, List<CpgAddress> members) {
			return new Content(Kind.CHANGE, ring, left.stream().map(Party::of).toList(),
					joined.stream().map(Party::of).toList(), members.stream().map(CpgAddress::toString).toList(),
					List.of(), null, null, null, null, null);
		}

		static Content ring(String ring, List<Long> nodes) {
			return new Content(Kind.RING, ring, List.of(), List.of(), List.of(), nodes, null, null, null, null, null);
		}

		static Content message(String ring, CpgAddress sender, String text) {
			return new Content(Kind.MESSAGE, ring, List.of(), List.of(), List.of(), List.of(), sender.toString(), text,
					null, null, null);
		}

		static Content of(Kind kind, String text) {
			return new Content(kind, null, List.of(), List.of(), List.of(), List.of(), null, text, null, null, null);
		}

		/** Returns what an event says of quorum or leader, {@code null} if nothing. */
		static @Nullable Content of(CpgEvent event) {
			if (event instanceof CpgQuorumChangeEvent change) {
				return leadership(Kind.QUORUM, change.getQuorum(), null, null);
			}
			if (event instanceof CpgLeaderChangeEvent change) {
				Lead lead = Lead.of(change);
				return leadership(Kind.LEADER, lead.vacancy(), lead.leader(), lead.token());
			}
			if (event instanceof CpgLeadershipGrantedEvent granted) {
				return leadership(Kind.GRANTED, null, null, granted.getToken());
			}
			return (event instanceof CpgLeadershipRevokedEvent revoked)
					? leadership(Kind.REVOKED, revoked.getReason(), null, revoked.getToken()) : null;
		}

		private static Content leadership(Kind kind, @Nullable Enum<?> reason, @Nullable String leader,
				@Nullable Long token) {
			return new Content(kind, null, List.of(), List.of(), List.of(), List.of(), null, null,
					(reason != null) ? reason.name() : null, leader, token);
		}

	}

	/**
	 * A member that joined or left.
	 *
	 * @param member who
	 * @param reason why, in Corosync's terms
	 */
	record Party(String member, String reason) {

		static Party of(CpgMember member) {
			return new Party(member.address().toString(), member.reason().name());
		}

	}

}

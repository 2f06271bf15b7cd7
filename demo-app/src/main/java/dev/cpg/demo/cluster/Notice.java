package dev.cpg.demo.cluster;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
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
	 */
	@JsonInclude(JsonInclude.Include.NON_EMPTY)
	record Content(Kind kind, @Nullable String ring, List<Party> left, List<Party> joined, List<String> members,
			List<Long> nodes, @Nullable String sender, @Nullable String text) {

		static Content change(String ring, List<CpgMember> left, List<CpgMember> joined, List<CpgAddress> members) {
			return new Content(Kind.CHANGE, ring, left.stream().map(Party::of).toList(),
					joined.stream().map(Party::of).toList(), members.stream().map(CpgAddress::toString).toList(),
					List.of(), null, null);
		}

		static Content ring(String ring, List<Long> nodes) {
			return new Content(Kind.RING, ring, List.of(), List.of(), List.of(), nodes, null, null);
		}

		static Content message(String ring, CpgAddress sender, String text) {
			return new Content(Kind.MESSAGE, ring, List.of(), List.of(), List.of(), List.of(), sender.toString(), text);
		}

		static Content of(Kind kind, String text) {
			return new Content(kind, null, List.of(), List.of(), List.of(), List.of(), null, text);
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

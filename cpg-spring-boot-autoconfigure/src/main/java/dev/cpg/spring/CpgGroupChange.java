package dev.cpg.spring;

import java.time.Instant;
import java.util.List;

import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgView;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to this service's membership or to the members.
 *
 * @param time when this service was notified
 * @param kind what happened
 * @param view the ring and the members after it, {@link CpgView#NONE} unless members
 * joined or left
 * @param left the members that left, with the reason; unmodifiable
 * @param joined the members that joined, with the reason; unmodifiable
 * @param cause what ended the connection; {@code null} if this service ended it, or if it
 * has not ended
 */
public record CpgGroupChange(Instant time, Kind kind, CpgView view, List<CpgMember> left, List<CpgMember> joined,
		@Nullable Throwable cause) {

	public CpgGroupChange {
		left = List.copyOf(left);
		joined = List.copyOf(joined);
	}

	/**
	 * What happened.
	 */
	public enum Kind {

		/**
		 * A connection was opened and the join was agreed, for the first time or again.
		 */
		CONNECTED,

		/** Members joined or left, this service included. */
		MEMBERS,

		/** The connection has ended, and with it this service's membership. */
		DISCONNECTED

	}

}

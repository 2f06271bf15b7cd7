package dev.cpg.demo;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to the group other than a message.
 *
 * @param id the number of the change, counted by this service
 * @param at when this service received it
 * @param type what happened
 * @param member who joined, left or leads
 * @param reason why, in Corosync's terms; why nobody leads, or this service does not any
 * longer; what is known of the quorum
 * @param ring the ring that was agreed on
 * @param detail more, as text
 */
record Change(long id, Instant at, Type type, @Nullable String member, @Nullable String reason, @Nullable String ring,
		@Nullable String detail) {

	enum Type {

		JOINED, LEFT, RING, CONNECTED, DISCONNECTED, QUORUM, LEADER, GRANTED, REVOKED

	}

}

package dev.cpg.demo;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to the group other than a message.
 *
 * @param id counts the changes that this service heard of
 * @param at when it heard
 * @param type what happened
 * @param member who joined or left
 * @param reason why, by Corosync's name for it
 * @param ring the ring that was agreed on
 * @param detail more, for people
 */
record Change(long id, Instant at, Type type, @Nullable String member, @Nullable String reason, @Nullable String ring,
		@Nullable String detail) {

	enum Type {

		JOINED, LEFT, RING, CONNECTED, DISCONNECTED

	}

}

package dev.cpg.spring;

import java.time.Duration;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMessage;
import dev.cpg.spring.message.CpgMessageMapper.Problem;

/**
 * Observes the messages and changes of a membership, to count and measure them. Beans of
 * this type are called by every auto-configured {@link CpgMembership}. The calls are part
 * of the processing of each message and come from any thread, from several at once, so an
 * observer must be quick and must not block. What it throws is logged and has no other
 * effect.
 */
public interface CpgObserver {

	/**
	 * The outcome of sending a message is known.
	 * @param group the group's name
	 * @param outcome the outcome
	 * @param took the time since the call that sent it
	 */
	default void sent(String group, Outcome outcome, Duration took) {
	}

	/**
	 * A message was delivered; the listeners are notified next.
	 * @param message the message
	 */
	default void delivered(CpgMessage message) {
	}

	/**
	 * A delivered message is skipped, or published as bytes, because it cannot be
	 * converted to the type that it was sent as.
	 * @param message the message
	 * @param problem the reason
	 */
	default void unconverted(CpgMessage message, Problem problem) {
	}

	/**
	 * Members joined or left; the listeners are notified next.
	 * @param change the change
	 */
	default void configurationChanged(CpgConfigurationChange change) {
	}

	/**
	 * This service is a member again after its connection was lost.
	 * @param group the group's name
	 */
	default void reconnected(String group) {
	}

	/**
	 * The outcome of sending a message.
	 */
	enum Outcome {

		/** It was delivered to this member, in the order that all members see. */
		DELIVERED,

		/** No member got it, and none will. */
		LOST,

		/** The connection or the time limit ended before it was known. */
		UNKNOWN,

		/** It was not sent. */
		REJECTED

	}

}

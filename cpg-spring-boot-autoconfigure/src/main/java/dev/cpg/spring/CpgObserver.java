package dev.cpg.spring;

import java.time.Duration;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMessage;
import dev.cpg.spring.message.CpgMessageMapper.Problem;

/**
 * Hears of what goes through a membership, to count and measure it; beans of this type
 * are called by every auto-configured {@link CpgMembership}. It is called on the way of
 * every message, by any thread and by several at once, so it must be quick and must not
 * wait. What it throws is logged and has no other effect.
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
	 * A message was delivered; the listeners are told next.
	 * @param message the message
	 */
	default void delivered(CpgMessage message) {
	}

	/**
	 * A delivered message is skipped, or told of as bytes, because it cannot be told of
	 * as what it was sent as.
	 * @param message the message
	 * @param problem why
	 */
	default void unconverted(CpgMessage message, Problem problem) {
	}

	/**
	 * Members joined or left; the listeners are told next.
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
	 * What became of a message that was to be sent.
	 */
	enum Outcome {

		/** This member has got it, in the order that all members see. */
		DELIVERED,

		/** No member got it, and none will. */
		LOST,

		/** The connection or the time limit ended before it was known. */
		UNKNOWN,

		/** It was not sent at all. */
		REJECTED

	}

}

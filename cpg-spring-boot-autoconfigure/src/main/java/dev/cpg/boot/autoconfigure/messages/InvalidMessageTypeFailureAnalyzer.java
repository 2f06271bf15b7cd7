package dev.cpg.boot.autoconfigure.messages;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which class cannot be a type of messages, and why.
 */
final class InvalidMessageTypeFailureAnalyzer extends AbstractFailureAnalyzer<InvalidMessageTypeException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidMessageTypeException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
	}

}

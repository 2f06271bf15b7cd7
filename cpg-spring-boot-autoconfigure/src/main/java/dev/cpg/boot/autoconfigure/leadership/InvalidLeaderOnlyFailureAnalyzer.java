package dev.cpg.boot.autoconfigure.leadership;

import dev.cpg.spring.leadership.InvalidLeaderOnlyException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which method cannot be guarded, and what to do about it.
 */
final class InvalidLeaderOnlyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLeaderOnlyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidLeaderOnlyException cause) {
		return new FailureAnalysis(cause.getMessage() + ".", cause.getRemedy(), cause);
	}

}

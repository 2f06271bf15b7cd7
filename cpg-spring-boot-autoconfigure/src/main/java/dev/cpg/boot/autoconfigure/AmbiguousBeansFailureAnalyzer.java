package dev.cpg.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says how to choose one of several beans.
 */
final class AmbiguousBeansFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousBeansException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousBeansException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Annotate the one to use, and no other, with @Primary, or %s.".formatted(cause.remedy()), cause);
	}

}

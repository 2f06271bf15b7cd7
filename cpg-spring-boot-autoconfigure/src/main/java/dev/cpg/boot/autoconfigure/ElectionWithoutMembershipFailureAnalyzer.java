package dev.cpg.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says where the settings of an election belong that no membership takes part in.
 */
final class ElectionWithoutMembershipFailureAnalyzer
		extends AbstractFailureAnalyzer<ElectionWithoutMembershipException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ElectionWithoutMembershipException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"If the membership is in a parent context, set cpg.leader.roles and cpg.liveness.enabled in the "
						+ "properties of that context. If it is a bean of the application's own, remove that bean, or "
						+ "give its builder the bean of type LeaderElection as interceptor.",
				cause);
	}

}

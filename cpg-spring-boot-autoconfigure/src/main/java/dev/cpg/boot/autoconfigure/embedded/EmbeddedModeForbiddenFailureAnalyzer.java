package dev.cpg.boot.autoconfigure.embedded;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says why a service must not run on a cluster inside its JVM, and what to set.
 */
final class EmbeddedModeForbiddenFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedModeForbiddenException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedModeForbiddenException cause) {
		return new FailureAnalysis("""
				cpg.mode=embedded is set, and the profile '%s' is active. In this mode a service is in a cluster of \
				its own, inside its JVM: it would see no member on another machine or in another process, and each \
				instance would take itself for the only one.""".formatted(cause.profile()), """
				Remove cpg.mode, or set it to corosync, where this profile is active. If this is no production, \
				change the profiles that forbid this mode, for example in application.properties:

				    cpg.embedded.forbidden-profiles=live

				An empty value allows all profiles.""", cause);
	}

}

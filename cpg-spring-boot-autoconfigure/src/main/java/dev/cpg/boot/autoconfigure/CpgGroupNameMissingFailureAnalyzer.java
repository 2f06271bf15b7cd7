package dev.cpg.boot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which settings name the group.
 */
final class CpgGroupNameMissingFailureAnalyzer extends AbstractFailureAnalyzer<CpgGroupNameMissingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, CpgGroupNameMissingException cause) {
		return new FailureAnalysis(
				"The service is to join a group of its cluster, but nothing says which: neither "
						+ "'cpg.group' nor 'spring.application.name' is set.",
				"""
						Name the group, for example in application.properties:

						    cpg.group=orders

						Services that set the same name are members of the same group. To start without joining a \
						group, set cpg.enabled=false.""", cause);
	}

}

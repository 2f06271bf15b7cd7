package dev.cpg.boot.autoconfigure.embedded;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which dependency has the cluster inside the JVM.
 */
final class EmbeddedClusterMissingFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedClusterMissingException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedClusterMissingException cause) {
		return new FailureAnalysis(
				"cpg.mode=embedded is set, and cpg-embedded, the cluster inside the JVM, is not on the classpath.",
				"""
						For development and tests, add it in the version of the starter. With Maven, as a dependency that \
						does not reach the application's jar:

						    <dependency>
						        <groupId>dev.cpg</groupId>
						        <artifactId>cpg-embedded</artifactId>
						        <version>VERSION</version>
						        <optional>true</optional>
						    </dependency>

						With Gradle:

						    developmentOnly("dev.cpg:cpg-embedded:VERSION")

						In production, remove cpg.mode or set it to corosync.""",
				cause);
	}

}

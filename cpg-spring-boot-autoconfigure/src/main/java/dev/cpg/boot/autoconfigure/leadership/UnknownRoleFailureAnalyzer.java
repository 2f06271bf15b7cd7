package dev.cpg.boot.autoconfigure.leadership;

import java.util.Set;
import java.util.TreeSet;

import dev.cpg.spring.leadership.UnknownRoleException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says how to give this service a role that something of it names.
 */
final class UnknownRoleFailureAnalyzer extends AbstractFailureAnalyzer<UnknownRoleException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownRoleException cause) {
		Set<String> roles = new TreeSet<>(cause.getRoles());
		roles.add(cause.getRole());
		String action = """
				Add the role, for example in application.properties:

				    cpg.leader.roles=%s

				""".formatted(String.join(",", roles));
		return new FailureAnalysis(cause.getMessage() + ".",
				cause.getRoles().isEmpty()
						? action + "There are no roles without cpg.leader.roles, nor with cpg.enabled=false. In a test "
								+ "that starts a part of the application, add a bean of type CpgLeadership."
						: "Correct the name of the role if it is mistyped. If not: " + action.stripTrailing(),
				cause);
	}

}

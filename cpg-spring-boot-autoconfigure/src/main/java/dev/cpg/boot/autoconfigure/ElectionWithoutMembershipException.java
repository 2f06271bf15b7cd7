package dev.cpg.boot.autoconfigure;

import java.io.Serial;

import dev.cpg.spring.leadership.election.LeaderElection;

/**
 * A context has roles of a group, or is to be heard in it, and no membership takes part
 * in the election.
 */
final class ElectionWithoutMembershipException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	ElectionWithoutMembershipException(LeaderElection election) {
		super(election.roles().isEmpty()
				? "This service is not heard in group '%s', as the membership of this context knows nothing of it"
					.formatted(election.group())
				: "Nobody can be elected for the roles %s of group '%s', as the membership of this context knows nothing of them"
					.formatted(election.roles(), election.group()));
	}

}

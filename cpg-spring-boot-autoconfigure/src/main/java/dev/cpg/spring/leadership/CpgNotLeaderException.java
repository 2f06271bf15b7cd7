package dev.cpg.spring.leadership;

import java.io.Serial;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a call of what only the leader runs, on a service that does not lead.
 */
public final class CpgNotLeaderException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String role;

	private final transient @Nullable CpgAddress leader;

	CpgNotLeaderException(String role, @Nullable CpgAddress leader) {
		super("This service does not lead in role '%s'; %s".formatted(role,
				(leader != null) ? "the leader is " + leader : "no leader is known"));
		this.role = role;
		this.leader = leader;
	}

	/**
	 * Returns the name of the role.
	 */
	public String getRole() {
		return this.role;
	}

	/**
	 * Returns the leader that was known when the call was made, {@code null} if none was.
	 */
	public @Nullable CpgAddress getLeader() {
		return this.leader;
	}

}

package dev.cpg.spring.leadership;

import java.io.Serial;
import java.util.Set;
import java.util.TreeSet;

/**
 * Something names a role that this service does not have.
 */
public final class UnknownRoleException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String role;

	private final TreeSet<String> roles;

	UnknownRoleException(String user, String role, Set<String> roles) {
		super("%s is for the leader in role '%s', and this service has %s".formatted(user, role,
				roles.isEmpty() ? "no roles" : "the roles " + new TreeSet<>(roles)));
		this.role = role;
		this.roles = new TreeSet<>(roles);
	}

	/**
	 * Returns the name of the role that is not known.
	 */
	public String getRole() {
		return this.role;
	}

	/**
	 * Returns the names of the roles that this service has, sorted; possibly empty.
	 */
	public Set<String> getRoles() {
		return new TreeSet<>(this.roles);
	}

}

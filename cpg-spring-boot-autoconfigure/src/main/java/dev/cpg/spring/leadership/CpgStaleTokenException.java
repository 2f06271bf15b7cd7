package dev.cpg.spring.leadership;

import java.io.Serial;

/**
 * A resource refuses a token, since it has seen a larger one: another member has led in
 * the meantime. What was done under the token must be rolled back.
 */
public final class CpgStaleTokenException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String role;

	private final long token;

	/**
	 * Creates an exception.
	 * @param resource what refuses the token
	 * @param role the name of the role
	 * @param token the token
	 */
	public CpgStaleTokenException(String resource, String role, long token) {
		super("%s refuses token %d of role '%s', as it has seen a larger one: another member has led since"
			.formatted(resource, token, role));
		this.role = role;
		this.token = token;
	}

	/**
	 * Returns the name of the role.
	 */
	public String getRole() {
		return this.role;
	}

	/**
	 * Returns the token that was refused.
	 */
	public long getToken() {
		return this.token;
	}

}

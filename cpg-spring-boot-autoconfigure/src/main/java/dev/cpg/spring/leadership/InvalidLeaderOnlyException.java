package dev.cpg.spring.leadership;

import java.io.Serial;
import java.lang.reflect.Method;

/**
 * A method with {@link LeaderOnly} cannot be guarded.
 */
public final class InvalidLeaderOnlyException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String remedy;

	InvalidLeaderOnlyException(Method method, String problem, String remedy) {
		super("@LeaderOnly cannot guard %s.%s: %s".formatted(method.getDeclaringClass().getName(), method.getName(),
				problem));
		this.remedy = remedy;
	}

	/**
	 * Returns what can be done about it, a sentence.
	 */
	public String getRemedy() {
		return this.remedy;
	}

}

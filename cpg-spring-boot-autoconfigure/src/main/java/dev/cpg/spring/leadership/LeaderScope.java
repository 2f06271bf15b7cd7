package dev.cpg.spring.leadership;

import java.util.Collection;
import java.util.OptionalLong;
import java.util.function.Predicate;

import dev.cpg.client.internal.log.LogContext;
import org.jspecify.annotations.Nullable;

/**
 * The part of a thread's work that it does under the token of a role.
 */
public final class LeaderScope implements AutoCloseable {

	private static final ThreadLocal<@Nullable LeaderScope> CURRENT = new ThreadLocal<>();

	private final String role;

	private final long token;

	private final @Nullable LeaderScope enclosing;

	private final LogContext log;

	private LeaderScope(String role, long token, @Nullable LeaderScope enclosing) {
		this.role = role;
		this.token = token;
		this.enclosing = enclosing;
		this.log = LogContext.put(CpgLeadership.TOKEN_MDC_KEY, Long.toString(token));
	}

	/**
	 * Begins a scope of the calling thread, which has to close it.
	 * @return the scope, {@code null} if this service does not lead, or if the thread has
	 * begun something under an earlier token of the role
	 */
	static @Nullable LeaderScope enter(CpgLeadership leadership) {
		OptionalLong token = leadership.token();
		if (token.isEmpty()) {
			return null;
		}
		String role = leadership.role();
		LeaderScope begun = find((scope) -> scope.role.equals(role));
		if (begun != null && begun.token != token.getAsLong()) {
			return null;
		}
		LeaderScope scope = new LeaderScope(role, token.getAsLong(), CURRENT.get());
		CURRENT.set(scope);
		return scope;
	}

	/**
	 * Returns the innermost scope of the calling thread that fulfils a condition.
	 */
	static @Nullable LeaderScope find(Predicate<LeaderScope> condition) {
		LeaderScope scope = CURRENT.get();
		while (scope != null && !condition.test(scope)) {
			scope = scope.enclosing;
		}
		return scope;
	}

	/**
	 * Returns the innermost scope of the calling thread.
	 * @throws IllegalStateException if there is none
	 */
	static LeaderScope required() {
		LeaderScope scope = CURRENT.get();
		if (scope == null) {
			throw new IllegalStateException("This thread runs under no leadership. Call the method with @LeaderOnly "
					+ "from another bean, as a call within the object does not pass through Spring, or use "
					+ "CpgLeadership.runIfLeader(...); in a task for another thread, use the token as a value");
		}
		return scope;
	}

	/**
	 * Returns the innermost scope of the calling thread that is of one of these roles.
	 * @param roles the names of the roles
	 * @return the scope, {@code null} if there is none
	 */
	public static @Nullable LeaderScope current(Collection<String> roles) {
		return find((scope) -> roles.contains(scope.role));
	}

	/**
	 * Returns the name of the role.
	 */
	public String role() {
		return this.role;
	}

	/**
	 * Returns the token.
	 */
	public long token() {
		return this.token;
	}

	@Override
	public void close() {
		this.log.close();
		if (this.enclosing != null) {
			CURRENT.set(this.enclosing);
		}
		else {
			CURRENT.remove();
		}
	}

}

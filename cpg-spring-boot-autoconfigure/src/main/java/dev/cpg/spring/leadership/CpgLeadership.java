package dev.cpg.spring.leadership;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;

/**
 * The leadership of a role. There is a bean for each role, by the role's name as
 * qualifier. The members of the group agree on one leader at a time, and on its token, a
 * number that is larger than that of every leader before.
 * <p>
 * Any thread may call these methods. None but {@link #await} waits, and none asks the
 * daemon. Each call compares this service's lease with {@link System#nanoTime()}: a
 * service that was stopped for a while is no leader from the moment that it runs again,
 * even if nothing has been noticed yet.
 * <p>
 * An answer is true when it is given. A thread may be stopped right after it asked, and
 * act on the answer when another member leads. Only the resource that it acts on can
 * refuse that: let it check the token, as {@link CpgJdbcFence} does.
 */
public interface CpgLeadership {

	/**
	 * The key of the token in the diagnostic context of the log (MDC) while a thread runs
	 * what only the leader runs.
	 */
	String TOKEN_MDC_KEY = "cpg.leader.token";

	/**
	 * Returns the name of the role.
	 */
	String role();

	/**
	 * Returns whether this service leads now.
	 */
	default boolean isLeader() {
		return token().isPresent();
	}

	/**
	 * Returns the leader as far as this service knows: this service or another member;
	 * empty if there is none, or if this service is not a member of the group. Another
	 * member that is returned may have lost the leadership already.
	 */
	Optional<CpgAddress> leader();

	/**
	 * Returns the token under which this service leads now; empty if it does not. It is
	 * positive and below 2<sup>52</sup>, so that JSON and meters show it exactly.
	 */
	OptionalLong token();

	/**
	 * Runs something if this service leads, on the calling thread, and does nothing if it
	 * does not. Meanwhile {@link #currentToken()} is the token. The leadership can be
	 * lost while it runs.
	 * <p>
	 * Within something that was begun under an earlier token of the role it does nothing:
	 * what was begun before another member led must not go on under a token that passes.
	 * @param body what to run
	 * @return whether it was run
	 */
	default boolean runIfLeader(Runnable body) {
		try (LeaderScope scope = LeaderScope.enter(this)) {
			if (scope == null) {
				return false;
			}
			body.run();
			return true;
		}
	}

	/**
	 * Calls something if this service leads, like {@link #runIfLeader(Runnable)}.
	 * @param body what to call
	 * @param <T> the type of its result
	 * @param <X> the type of exceptions that it throws
	 * @return its result; empty if that is {@code null}, or if this service does not lead
	 * @throws X what it threw
	 */
	default <T, X extends Exception> Optional<T> runIfLeader(Body<? extends @Nullable T, X> body) throws X {
		try (LeaderScope scope = LeaderScope.enter(this)) {
			return (scope != null) ? Optional.ofNullable(body.call()) : Optional.empty();
		}
	}

	/**
	 * Gives the leadership up, so that another member is elected; does nothing if this
	 * service does not lead. When it returns, {@link #isLeader()} is false. The others
	 * may lead after the listeners of the {@link CpgLeadershipRevokedEvent} have
	 * returned. This service is not elected again before the cool-down is over, even if
	 * nobody else can be.
	 */
	@SuppressWarnings("NamedLikeContextualKeyword")
	void yield();

	/**
	 * Waits until this service leads.
	 * @param timeout the longest time to wait; zero or less just asks
	 * @return whether this service leads
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	boolean await(Duration timeout) throws InterruptedException;

	/**
	 * Returns the token under which the calling thread runs: in a method with
	 * {@link LeaderOnly}, or in {@link #runIfLeader}. It stays the same until that has
	 * returned, whether this service still leads or not. Within several roles it is that
	 * of the innermost.
	 * @throws IllegalStateException if the thread runs neither. A method with
	 * {@code LeaderOnly} that was called by another method of its own object is such a
	 * case, as the call does not pass through Spring; a task that was handed to another
	 * thread is one, too.
	 */
	static long currentToken() {
		return LeaderScope.required().token();
	}

	/**
	 * What only the leader calls.
	 *
	 * @param <T> the type of its result
	 * @param <X> the type of exceptions that it throws
	 */
	@FunctionalInterface
	interface Body<T extends @Nullable Object, X extends Exception> {

		/**
		 * Does the work.
		 * @return its result
		 * @throws X if it fails
		 */
		T call() throws X;

	}

}

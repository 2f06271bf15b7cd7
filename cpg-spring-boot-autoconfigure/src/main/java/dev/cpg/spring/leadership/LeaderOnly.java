package dev.cpg.spring.leadership;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Only the leader of a role runs the method. On a class or interface it stands for all
 * methods of the bean, but for those of {@link Object} and Spring's {@code Lifecycle}; on
 * a method it replaces that of the class.
 * <p>
 * Who leads is asked when the method is called. Where this service does not lead the call
 * is skipped: nothing runs, and the caller gets {@code null}, an empty {@code Optional},
 * a {@code Future} or {@code CompletionStage} that is completed with {@code null}, or 0
 * or {@code false}. With {@link Otherwise#THROW} it gets a {@link CpgNotLeaderException}.
 * While the method runs, {@link CpgLeadership#currentToken()} is the token of the leader,
 * and so is {@value CpgLeadership#TOKEN_MDC_KEY} in the log's diagnostic context.
 * <p>
 * It works with {@code @Scheduled}, {@code @EventListener} and, on the thread that runs
 * the method, {@code @Async}. It comes before {@code @Transactional}: where the call is
 * skipped no transaction begins, and the leadership may end before the transaction
 * commits. So let the resource check the token, see {@link CpgJdbcFence}.
 * <p>
 * As with all advice of Spring, a call within the object is not seen. A method that
 * cannot be guarded fails the start: one that is private, static or final, or that
 * returns something reactive, as its work begins after it has returned.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Reflective
public @interface LeaderOnly {

	/**
	 * The name of the role.
	 */
	String value();

	/**
	 * What becomes of a call where this service does not lead.
	 */
	Otherwise otherwise() default Otherwise.SKIP;

	/**
	 * Whether the thread that runs the method is interrupted when the leadership is
	 * revoked. The method decides what it does then; one that does not notice goes on.
	 * When it has returned, the thread is not interrupted any longer.
	 */
	boolean interrupt() default false;

	/**
	 * What becomes of a call where this service does not lead.
	 */
	enum Otherwise {

		/** The call does nothing. */
		SKIP,

		/** The caller gets a {@link CpgNotLeaderException}. */
		THROW

	}

}

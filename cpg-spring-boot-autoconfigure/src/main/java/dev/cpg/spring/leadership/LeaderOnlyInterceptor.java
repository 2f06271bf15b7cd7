package dev.cpg.spring.leadership;

import java.util.OptionalLong;
import java.util.function.Function;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;

/**
 * Runs a method with {@link LeaderOnly} where this service leads.
 */
final class LeaderOnlyInterceptor implements MethodInterceptor {

	private final Guards guards;

	private final Function<String, CpgLeadership> leaderships;

	private final InterruptibleCalls calls;

	/**
	 * Creates an interceptor.
	 * @param leaderships finds the leadership of a role
	 */
	LeaderOnlyInterceptor(Guards guards, Function<String, CpgLeadership> leaderships, InterruptibleCalls calls) {
		this.guards = guards;
		this.leaderships = leaderships;
		this.calls = calls;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> targetClass = (target != null) ? AopUtils.getTargetClass(target)
				: invocation.getMethod().getDeclaringClass();
		Guard guard = this.guards.find(invocation.getMethod(), targetClass);
		if (guard == null) {
			return invocation.proceed();
		}
		CpgLeadership leadership = this.leaderships.apply(guard.role());
		try (LeaderScope scope = LeaderScope.enter(leadership)) {
			if (scope == null) {
				return guard.refuse(leadership, invocation.getMethod());
			}
			return guard.interrupt() ? proceedInterruptibly(invocation, guard, leadership, scope)
					: invocation.proceed();
		}
	}

	private @Nullable Object proceedInterruptibly(MethodInvocation invocation, Guard guard, CpgLeadership leadership,
			LeaderScope scope) throws Throwable {
		InterruptibleCall call = this.calls.begin(scope);
		try {
			// What was revoked before the call began will not interrupt it.
			return leadership.token().equals(OptionalLong.of(scope.token())) ? invocation.proceed()
					: guard.refuse(leadership, invocation.getMethod());
		}
		finally {
			call.end();
		}
	}

}

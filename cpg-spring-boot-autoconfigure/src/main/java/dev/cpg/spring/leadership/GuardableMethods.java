package dev.cpg.spring.leadership;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Says which methods can be guarded: an advice sees calls of those only that a subclass
 * can override, and it sees the end of what they do only if they do not return before.
 */
final class GuardableMethods {

	private GuardableMethods() {
	}

	/**
	 * Returns whether calls of a method pass through a proxy.
	 */
	static boolean areSeen(Method method) {
		return (method.getModifiers() & (Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL)) == 0;
	}

	/**
	 * Requires that a method can be guarded.
	 * @throws InvalidLeaderOnlyException if it cannot
	 */
	static void require(Method method) {
		if (!areSeen(method)) {
			throw new InvalidLeaderOnlyException(method, "calls of private, static and final methods are not seen",
					"Make the method overridable.");
		}
		if (KotlinDetector.isSuspendingFunction(method) || isReactive(method.getReturnType())) {
			throw new InvalidLeaderOnlyException(method, "it returns before its work is done",
					"Ask CpgLeadership.token() where the work is done, and hand the token to what it writes to.");
		}
	}

	private static boolean isReactive(Class<?> type) {
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		return adapter != null && adapter.getDescriptor().isDeferred();
	}

}

package dev.cpg.spring.leadership;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.MethodClassKey;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the {@link LeaderOnly} of methods, on themselves, their classes and interfaces.
 */
final class Guards extends StaticMethodMatcherPointcut {

	private final Map<MethodClassKey, Optional<Guard>> known = new ConcurrentHashMap<>();

	Guards() {
		setClassFilter(Guards::isOfApplication);
	}

	/** Reading the annotations of Spring's own beans would take time at each start. */
	private static boolean isOfApplication(Class<?> type) {
		return !type.getName().startsWith("java.") && !type.getName().startsWith("org.springframework.");
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return find(method, targetClass) != null;
	}

	/**
	 * Returns what a method's annotation says, {@code null} if it has none.
	 */
	@Nullable Guard find(Method method, Class<?> targetClass) {
		return this.known
			.computeIfAbsent(new MethodClassKey(method, targetClass),
					(key) -> Optional.ofNullable(read(method, targetClass)))
			.orElse(null);
	}

	/**
	 * Returns the guarded methods of a class, those that cannot be guarded included.
	 */
	Map<Method, Guard> of(Class<?> targetClass) {
		return isOfApplication(targetClass)
				? MethodIntrospector.selectMethods(targetClass, (Method method) -> find(method, targetClass))
				: Map.of();
	}

	private static @Nullable Guard read(Method method, Class<?> targetClass) {
		Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
		MergedAnnotation<LeaderOnly> annotation = MergedAnnotations.from(specific, SearchStrategy.TYPE_HIERARCHY)
			.get(LeaderOnly.class);
		if (!annotation.isPresent() && isCoveredByClass(specific, targetClass)) {
			annotation = MergedAnnotations.from(targetClass, SearchStrategy.TYPE_HIERARCHY).get(LeaderOnly.class);
		}
		return annotation.isPresent() ? Guard.of(annotation) : null;
	}

	/** What the container calls to start and stop a bean must run everywhere. */
	private static boolean isCoveredByClass(Method method, Class<?> targetClass) {
		return !ReflectionUtils.isObjectMethod(method) && GuardableMethods.areSeen(method)
				&& !(Lifecycle.class.isAssignableFrom(targetClass)
						&& ClassUtils.hasMethod(SmartLifecycle.class, method.getName(), method.getParameterTypes()));
	}

}

package dev.cpg.spring.test;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.parallel.ResourceLocksProvider;

/**
 * Makes tests that share a cluster run one after the other, so that each finds it
 * restored. Tests of other classes run at the same time.
 */
final class OneTestAtATime implements ResourceLocksProvider {

	@Override
	public Set<Lock> provideForNestedClass(List<Class<?>> enclosing, Class<?> test) {
		return lock(test);
	}

	@Override
	public Set<Lock> provideForMethod(List<Class<?>> enclosing, Class<?> test, Method method) {
		return lock(test);
	}

	private static Set<Lock> lock(Class<?> test) {
		return ClusterOfClass.find(test)
			.map((cluster) -> Set.of(new Lock("cluster of " + cluster.owner().getName())))
			.orElse(Set.of());
	}

}

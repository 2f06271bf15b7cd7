package dev.cpg.spring.test;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * The cluster that a test class asks for. It belongs to the class that has the
 * annotation, or inherits it; nested classes share it.
 *
 * @param owner the class
 * @param engine what it asks for
 */
record ClusterOfClass(Class<?> owner, ClusterEngine engine) {

	/**
	 * Finds the cluster of a test class.
	 * @throws IllegalStateException if the class asks for two
	 */
	static Optional<ClusterOfClass> find(@Nullable Class<?> testClass) {
		if (testClass == null) {
			return Optional.empty();
		}
		MergedAnnotations annotations = MergedAnnotations.from(testClass, SearchStrategy.TYPE_HIERARCHY);
		Optional<ClusterEngine> embedded = annotations.get(EmbeddedCpg.class)
			.synthesize((annotation) -> annotation.isPresent())
			.map(ClusterEngine.Embedded::of);
		Optional<ClusterEngine> corosync = annotations.get(CorosyncCpg.class)
			.synthesize((annotation) -> annotation.isPresent())
			.map(ClusterEngine.Corosync::of);
		if (embedded.isPresent() && corosync.isPresent()) {
			throw new IllegalStateException(testClass.getName()
					+ " has both @EmbeddedCpg and @CorosyncCpg. Remove one of them: a test class has one cluster.");
		}
		Optional<ClusterEngine> engine = embedded.or(() -> corosync);
		return engine.isPresent() ? engine.map((found) -> new ClusterOfClass(testClass, found))
				: TestContextAnnotationUtils.searchEnclosingClass(testClass) ? find(testClass.getEnclosingClass())
						: Optional.empty();
	}

}

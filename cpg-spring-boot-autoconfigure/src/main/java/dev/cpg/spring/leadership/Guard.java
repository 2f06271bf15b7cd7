package dev.cpg.spring.leadership;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotation;

/**
 * What a {@link LeaderOnly} says.
 *
 * @param role the name of the role
 * @param otherwise what becomes of a call where this service does not lead
 * @param interrupt whether a call is interrupted when the leadership is revoked
 */
record Guard(String role, LeaderOnly.Otherwise otherwise, boolean interrupt) {

	static Guard of(MergedAnnotation<LeaderOnly> annotation) {
		return new Guard(annotation.getString(MergedAnnotation.VALUE),
				annotation.getEnum("otherwise", LeaderOnly.Otherwise.class), annotation.getBoolean("interrupt"));
	}

	/**
	 * Returns what the caller gets where this service does not lead.
	 * @throws CpgNotLeaderException if that is what it gets
	 */
	@Nullable Object refuse(CpgLeadership leadership, Method method) {
		if (this.otherwise == LeaderOnly.Otherwise.THROW) {
			throw new CpgNotLeaderException(this.role, leadership.leader().orElse(null));
		}
		Class<?> type = method.getReturnType();
		if (type == Optional.class) {
			return Optional.empty();
		}
		if (type.isAssignableFrom(CompletableFuture.class) && type != Object.class) {
			return CompletableFuture.completedFuture(null);
		}
		boolean primitive = type.isPrimitive() && type != void.class;
		return primitive ? Array.get(Array.newInstance(type, 1), 0) : null;
	}

}

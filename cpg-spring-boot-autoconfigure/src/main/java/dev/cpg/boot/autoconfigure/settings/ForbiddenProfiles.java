package dev.cpg.boot.autoconfigure.settings;

import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * The profiles with which a service must not run on a cluster inside its JVM.
 *
 * @param profiles their names, in any case
 */
public record ForbiddenProfiles(Set<String> profiles) {

	/**
	 * Returns the first of them that is active, or a default profile while none is.
	 * @param environment has the active profiles
	 */
	public @Nullable String findIn(Environment environment) {
		String[] active = environment.getActiveProfiles();
		return Stream.of((active.length != 0) ? active : environment.getDefaultProfiles())
			.filter((profile) -> this.profiles.stream().anyMatch(profile::equalsIgnoreCase))
			.findFirst()
			.orElse(null);
	}

}

package dev.cpg.boot.autoconfigure.embedded;

import java.util.Set;
import java.util.stream.Stream;

import org.springframework.core.env.Environment;

/**
 * The profiles with which a service must not run on a cluster inside its JVM.
 */
final class ForbiddenProfiles {

	private final Set<String> profiles;

	ForbiddenProfiles(Set<String> profiles) {
		this.profiles = profiles;
	}

	/**
	 * Requires that none of them is active, or is a default profile while none is active.
	 * @throws EmbeddedModeForbiddenException if one is
	 */
	void check(Environment environment) {
		String[] active = environment.getActiveProfiles();
		Stream.of((active.length != 0) ? active : environment.getDefaultProfiles())
			.filter((profile) -> this.profiles.stream().anyMatch(profile::equalsIgnoreCase))
			.findFirst()
			.ifPresent((profile) -> {
				throw new EmbeddedModeForbiddenException(profile);
			});
	}

}

package dev.cpg.boot.autoconfigure.embedded;

import java.io.Serial;

/**
 * A profile is active with which a service must not run on a cluster inside its JVM.
 */
final class EmbeddedModeForbiddenException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String profile;

	EmbeddedModeForbiddenException(String profile) {
		super("cpg.mode=embedded is not allowed with the profile '%s' (cpg.embedded.forbidden-profiles)"
			.formatted(profile));
		this.profile = profile;
	}

	String profile() {
		return this.profile;
	}

}

package dev.cpg.boot.autoconfigure.settings;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains a value that is refused although the user did not set it: a default, or the
 * name that a group has from its key. Spring Boot itself explains values that are set,
 * with their origin.
 */
final class DerivedValueFailureAnalyzer extends AbstractFailureAnalyzer<InvalidConfigurationPropertyValueException> {

	private final Environment environment;

	DerivedValueFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure,
			InvalidConfigurationPropertyValueException cause) {
		String name = cause.getName();
		if (!name.startsWith(SettingPrefixes.ALL + ".") || this.environment.containsProperty(name)) {
			return null;
		}
		return new FailureAnalysis("'%s' is not set, and its value '%s' cannot be used here.%n%n%s".formatted(name,
				cause.getValue(), cause.getReason()), "Set '%s' to another value.".formatted(name), cause);
	}

}

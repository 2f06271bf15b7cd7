package dev.cpg.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains a value of the starter that is refused and that nobody wrote under its name: a
 * default, or a name that a group has from its key. Spring Boot explains those that are
 * written, with where.
 */
final class UnwrittenSettingFailureAnalyzer
		extends AbstractFailureAnalyzer<InvalidConfigurationPropertyValueException> {

	private final Environment environment;

	UnwrittenSettingFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure,
			InvalidConfigurationPropertyValueException cause) {
		String name = cause.getName();
		if (!name.startsWith(CpgPropertiesValidator.PREFIX + ".") || this.environment.containsProperty(name)) {
			return null;
		}
		return new FailureAnalysis("'%s' is not set, and its value '%s' cannot be used here.%n%n%s".formatted(name,
				cause.getValue(), cause.getReason()), "Set '%s' to another value.".formatted(name), cause);
	}

}

package dev.cpg.boot.autoconfigure;

import java.util.Locale;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.IgnoreErrorsBindHandler;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * What the groups of a service run on.
 */
public enum CpgMode {

	/** The Corosync daemon of this node. */
	COROSYNC,

	/** A cluster inside the JVM. */
	EMBEDDED;

	private static final String PROPERTY = "cpg.mode";

	/**
	 * Returns the mode that is set, for what is decided before the properties are bound.
	 * A value that is none counts as not set; binding it fails the start.
	 * @param environment where it is set
	 */
	public static CpgMode of(Environment environment) {
		return Binder.get(environment)
			.bind(PROPERTY, Bindable.of(CpgMode.class), new IgnoreErrorsBindHandler())
			.orElse(COROSYNC);
	}

	/**
	 * Requires that this mode is set. Beans are chosen when the application is processed
	 * ahead of time, if it is, and the property may have another value when it runs.
	 * @param environment where it is set
	 * @throws InvalidConfigurationPropertyValueException if another one is
	 */
	public void require(Environment environment) {
		CpgMode set = of(environment);
		if (set != this) {
			throw new InvalidConfigurationPropertyValueException(PROPERTY, set,
					"The beans are those for '%s'. If the application was processed ahead of time, build it with "
						.formatted(this) + "this setting. If not, an auto-configuration of the starter is excluded.");
		}
	}

	/** The value of the property, as health and endpoint show it, too. */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

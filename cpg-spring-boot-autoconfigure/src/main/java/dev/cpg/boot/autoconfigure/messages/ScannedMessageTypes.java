package dev.cpg.boot.autoconfigure.messages;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.cpg.spring.message.CpgMessageType;
import dev.cpg.spring.message.CpgMessageTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * The classes with {@link CpgMessageType} that were found in the application's packages.
 */
public final class ScannedMessageTypes implements BeanClassLoaderAware {

	private final String[] classNames;

	private @Nullable ClassLoader classLoader;

	/**
	 * Creates a list of types.
	 * @param classNames their names: code that is generated ahead of time cannot refer to
	 * a class that is not public
	 */
	ScannedMessageTypes(String[] classNames) {
		this.classNames = classNames;
	}

	@Override
	public void setBeanClassLoader(ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	private static void add(Map<String, Class<?>> types, Class<?> type, Set<String> decided) {
		CpgMessageType annotation = AnnotatedElementUtils.findMergedAnnotation(type, CpgMessageType.class);
		if (annotation == null || decided.contains(annotation.value())) {
			return;
		}
		String name = annotation.value();
		Class<?> other = types.putIfAbsent(name, type);
		if (other != null && other != type) {
			throw new InvalidMessageTypeException(
					"%s and %s both say @CpgMessageType(\"%s\"), and a name stands for one type.".formatted(other, type,
							name),
					"Give one of them another name, or decide for one of them:\n\n    "
							+ CpgMessageTypes.property(name, type.getName()));
		}
		try {
			var unused = new CpgMessageTypes(Map.of(name, type));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidMessageTypeException(
					"%s says @CpgMessageType(\"%s\"), and cannot be a type of messages. %s.".formatted(type, name,
							ex.getMessage()),
					"Change the class or its annotation, or remove the annotation.");
		}
	}

	/**
	 * Returns these and the configured ones, which take precedence.
	 * @param environment has the sources of the configured ones
	 * @param bound what was bound to {@code cpg.messages.types}
	 */
	public CpgMessageTypes with(Environment environment, Map<String, Class<?>> bound) {
		Map<String, Class<?>> configured = ConfiguredMessageTypes.of(environment, bound);
		configured.forEach(ScannedMessageTypes::check);
		Map<String, Class<?>> scanned = new LinkedHashMap<>();
		for (String className : this.classNames) {
			add(scanned, ClassUtils.resolveClassName(className, this.classLoader), configured.keySet());
		}
		Map<String, Class<?>> all = new LinkedHashMap<>(configured);
		scanned.forEach(all::putIfAbsent);
		return new CpgMessageTypes(all);
	}

	private static void check(String name, Class<?> type) {
		try {
			var unused = new CpgMessageTypes(Map.of(name, type));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(ConfiguredMessageTypes.property(name), type.getName(),
					ex.getMessage() + ".");
		}
	}

}

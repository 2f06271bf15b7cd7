package dev.cpg.spring.message;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Finds the types that JSON cannot make objects of, whatever a message says: interfaces
 * that do not say which class it is, and classes without a constructor that Jackson can
 * use. The converters are asked, as the application may have taught its mapper to read
 * what it could not by itself. They are asked only for types that look so, because
 * Jackson's first answer takes a while.
 */
final class UnreadableTypes {

	/** Jackson need not be on the class path. */
	private static final String DEFINITION = "tools.jackson.databind.exc.InvalidDefinitionException";

	/** No object is made of it, even where the type can be read. */
	private static final byte[] FALSE = "false".getBytes(StandardCharsets.UTF_8);

	private UnreadableTypes() {
	}

	/**
	 * Finds them.
	 * @return why, by their names
	 */
	static Map<String, String> find(Map<String, Class<?>> types, CpgMessageConverters converters) {
		Map<String, String> unreadable = new TreeMap<>();
		List<String> contentTypes = converters.contentTypes();
		if (contentTypes == null) {
			return unreadable;
		}
		types.forEach((name, type) -> {
			Class<?> element = elementType(type);
			String why = isSuspect(element) ? refusal(element, converters, contentTypes) : null;
			if (why != null) {
				unreadable.put(name, why);
			}
		});
		return unreadable;
	}

	private static Class<?> elementType(Class<?> type) {
		return type.isArray() ? elementType(type.getComponentType()) : type;
	}

	private static boolean isSuspect(Class<?> type) {
		if (type.isRecord() || type.isEnum() || type.isPrimitive()) {
			return false;
		}
		return Modifier.isAbstract(type.getModifiers()) || Arrays.stream(type.getDeclaredConstructors())
			.mapToInt(Constructor::getParameterCount)
			.noneMatch((parameters) -> parameters == 0);
	}

	/** It is enough that what has one content type can be read. */
	private static @Nullable String refusal(Class<?> type, CpgMessageConverters converters, List<String> contentTypes) {
		String why = null;
		for (String contentType : contentTypes) {
			try {
				Map<String, String> headers = Map.of(CpgMessageHeaders.CONTENT_TYPE, contentType);
				if (converters.fromBytes(FALSE, headers, type) != null) {
					return null;
				}
			}
			// A converter is not ours: this includes errors.
			catch (Throwable ex) {
				why = definition(ex);
				if (why == null) {
					return null;
				}
			}
		}
		return why;
	}

	private static @Nullable String definition(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause.getClass().getName().equals(DEFINITION)) {
				return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
			}
		}
		return null;
	}

}

package dev.cpg.spring.message;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.StringUtils;

/**
 * The types that messages may be of, by their logical names: what a received name stands
 * for is looked up here and nowhere else. The name {@value #STRING} stands for a text.
 */
public final class CpgMessageTypes {

	/** The name that texts travel under. */
	public static final String STRING = "string";

	/**
	 * For each message that is received, and to find out takes longer than to read it.
	 */
	private static final ClassValue<Boolean> ERASED = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return ResolvableType.forClass(type).hasUnresolvableGenerics();
		}

	};

	private final Map<String, Class<?>> types;

	/**
	 * Creates a list of types.
	 * @param types the types by their names; a type may have several, and must say by
	 * {@link CpgMessageType} then which it is sent under
	 * @throws IllegalArgumentException if a name is empty, longer than 255 bytes in UTF-8
	 * or taken for texts, or a type is a primitive one, or generic: has type parameters,
	 * or a superclass or interface that it gives none to
	 */
	public CpgMessageTypes(Map<String, Class<?>> types) {
		types.forEach(CpgMessageTypes::check);
		this.types = new LinkedHashMap<>(types);
		this.types.put(STRING, String.class);
	}

	private static void check(String name, Class<?> type) {
		if (!StringUtils.hasText(name) || name.getBytes(StandardCharsets.UTF_8).length > Envelope.MAX_FIELD_LENGTH) {
			throw new IllegalArgumentException("The name '%s' of %s must have 1 to %d bytes in UTF-8".formatted(name,
					type, Envelope.MAX_FIELD_LENGTH));
		}
		if (name.equals(STRING)) {
			throw new IllegalArgumentException(
					"The name '%s' of %s is taken: texts travel under it".formatted(name, type));
		}
		if (type.isPrimitive()) {
			throw new IllegalArgumentException("The type '%s' must be a class: %s is none".formatted(name, type));
		}
		if (isErased(type)) {
			throw new IllegalArgumentException(
					("The type '%s' must not be generic, as %s is: an object does not know its"
							+ " type arguments, so that all listeners would be told of it. Make a class of it that has none")
						.formatted(name, type));
		}
	}

	/**
	 * Returns whether objects of a class do not know all of what they are. Spring tells
	 * listeners of any type of them then.
	 */
	static boolean isErased(Class<?> type) {
		return ERASED.get(type);
	}

	/**
	 * Returns the type that a received name stands for, {@code null} if it stands for
	 * none.
	 */
	@Nullable Class<?> typeOf(String name) {
		return this.types.get(name);
	}

	/**
	 * Returns the name that objects of a class are sent under: its one name in this list,
	 * or else that of its annotation, or of a superclass's or an interface's, or else the
	 * one name in this list of a superclass or an interface.
	 * @throws IllegalArgumentException if there is none, or more than one
	 */
	String nameOf(Class<?> type) {
		if (type == String.class) {
			return STRING;
		}
		List<String> names = names(type, false);
		if (names.size() == 1) {
			return names.get(0);
		}
		MergedAnnotation<CpgMessageType> annotation = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY)
			.get(CpgMessageType.class);
		if (annotation.isPresent()) {
			String name = annotation.getString(MergedAnnotation.VALUE);
			check(name, type);
			return name;
		}
		names = names.isEmpty() ? names(type, true) : names;
		if (names.isEmpty()) {
			throw new IllegalArgumentException(
					"%s has no name: annotate it with @CpgMessageType, or give it one with cpg.messages.types.NAME=%s"
						.formatted(type, type.getName()));
		}
		if (names.size() > 1) {
			throw new IllegalArgumentException(
					"%s has the names %s: say with @CpgMessageType which it is sent under".formatted(type, names));
		}
		return names.get(0);
	}

	private List<String> names(Class<?> type, boolean inherited) {
		return this.types.entrySet()
			.stream()
			.filter((entry) -> inherited ? entry.getValue().isAssignableFrom(type) : entry.getValue() == type)
			.map(Map.Entry::getKey)
			.toList();
	}

	@Override
	public String toString() {
		return this.types.toString();
	}

}

package dev.cpg.spring.message;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.StringUtils;

/**
 * The types that messages may have, by their logical names. A received name is looked up
 * here and nowhere else. The name {@value #STRING} stands for a text.
 * <p>
 * A type with {@link CpgMessageType} that is not listed is added once the application has
 * sent an object of it, unless its name stands for another one. Any thread may call any
 * method.
 */
public final class CpgMessageTypes {

	/** The name that texts travel under. */
	public static final String STRING = "string";

	/** Kept, since to find out takes longer than to read a message. */
	private static final ClassValue<Boolean> ERASED = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return ResolvableType.forClass(elementType(type)).hasUnresolvableGenerics();
		}

	};

	private final Map<String, Class<?>> types;

	private final Map<Class<?>, String> names = new ConcurrentHashMap<>();

	/**
	 * The types that are sent but not listed. They are not read; {@link #advice} names
	 * them.
	 */
	private final Map<String, Class<?>> unlisted = new ConcurrentHashMap<>();

	/**
	 * Creates a list of types.
	 * @param types the types by their names; a type may have several, and must say by
	 * {@link CpgMessageType} then which it is sent under
	 * @throws IllegalArgumentException if a name is empty, longer than 255 bytes in UTF-8
	 * or taken for texts, or a type cannot be one of messages: it is a primitive one,
	 * {@code Object}, {@code byte[]}, an {@link ApplicationEvent}, or generic: has type
	 * parameters, or a superclass or interface that it gives none to
	 */
	public CpgMessageTypes(Map<String, Class<?>> types) {
		types.forEach(CpgMessageTypes::check);
		Map<String, Class<?>> all = new LinkedHashMap<>(types);
		all.put(STRING, String.class);
		this.types = Collections.unmodifiableMap(all);
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
		String refusal = refusal(type);
		if (refusal != null) {
			throw new IllegalArgumentException("The type '%s' must %s".formatted(name, refusal));
		}
	}

	/** Returns why messages cannot have a type, in words that follow "must". */
	private static @Nullable String refusal(Class<?> type) {
		if (type.isPrimitive()) {
			return "be a class: %s is none".formatted(type);
		}
		if (type == Object.class) {
			return "be a class of its own: everything is a %s".formatted(type.getName());
		}
		if (type == byte[].class) {
			return "not be byte[]: bytes are sent without a type";
		}
		if (ApplicationEvent.class.isAssignableFrom(elementType(type))) {
			return ("not be an ApplicationEvent, as %s is: such an event belongs to the context that publishes it, with "
					+ "its source. Make a class, such as a record, of what is to be sent, and send that")
				.formatted(type);
		}
		if (isErased(type)) {
			return ("not be generic, as %s is: an object does not know its"
					+ " type arguments, so that all listeners would be notified of it. Make a class of it that has none")
				.formatted(type);
		}
		return null;
	}

	private static Class<?> elementType(Class<?> type) {
		return type.isArray() ? elementType(type.getComponentType()) : type;
	}

	/**
	 * Returns whether objects of a class do not know all of what they are. Spring
	 * notifies listeners of any type then.
	 */
	static boolean isErased(Class<?> type) {
		return ERASED.get(type);
	}

	/**
	 * Returns the types by their names; unmodifiable.
	 */
	public Map<String, Class<?>> asMap() {
		return this.types;
	}

	/**
	 * Returns the type that a received name stands for, {@code null} if it stands for
	 * none.
	 */
	@Nullable Class<?> typeOf(String name) {
		return this.types.get(name);
	}

	/**
	 * Returns the setting with which a received name that stands for none would stand for
	 * a type: the one that this service itself sends under that name, if it does.
	 */
	String advice(String name) {
		Class<?> type = this.unlisted.get(name);
		return property(name, (type != null) ? type.getName() : "CLASS");
	}

	/**
	 * Returns the name that objects of a class are sent under: its one name in this list,
	 * or else that of its annotation, or of a superclass's or an interface's, or else the
	 * one name in this list of a superclass or an interface.
	 * @throws IllegalArgumentException if there is none, or more than one
	 */
	String nameOf(Class<?> type) {
		String name = this.names.get(type);
		if (name == null) {
			name = findName(type);
			this.names.put(type, name);
		}
		return name;
	}

	private String findName(Class<?> type) {
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
			if (!this.types.containsKey(name)) {
				this.unlisted.putIfAbsent(name, (annotation.getSource() instanceof Class<?> source) ? source : type);
			}
			return name;
		}
		names = names.isEmpty() ? names(type, true) : names;
		if (names.isEmpty()) {
			throw new IllegalArgumentException("%s has no name: %s".formatted(type, advice(type)));
		}
		if (names.size() > 1) {
			throw new IllegalArgumentException(
					"%s has the names %s: say with @CpgMessageType which it is sent under".formatted(type, names));
		}
		check(names.get(0), type);
		return names.get(0);
	}

	/** Returns advice that can be followed: not all classes belong to the application. */
	private static String advice(Class<?> type) {
		String refusal = refusal(type);
		if (refusal != null) {
			return "a type of messages must %s".formatted(refusal);
		}
		if (type.isAnonymousClass() || type.isHidden() || type.isSynthetic()) {
			return "make a class of it that has one, and annotate that with @CpgMessageType";
		}
		String property = "cpg.messages.types.NAME=" + type.getName();
		return (type.isArray() || isOfJava(type)) ? "give it one with " + property
				: "annotate it with @CpgMessageType, or give it one with " + property;
	}

	private static boolean isOfJava(Class<?> type) {
		return type.getModule().isNamed() && type.getModule().getName().startsWith("java.");
	}

	/**
	 * Returns the setting that has a name stand for a class, as a line of a properties
	 * file.
	 * @param name the name
	 * @param className the name of the class
	 */
	public static String property(String name, String className) {
		return (name.matches("[A-Za-z0-9-]+") ? "cpg.messages.types.%s=%s" : "cpg.messages.types[%s]=%s")
			.formatted(name, className);
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

package dev.cpg.boot.autoconfigure.messages;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageType;
import dev.cpg.spring.message.CpgMessageTypes;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Warns at the start of types that cannot be received or cannot be sent. The start goes
 * on, as the service may need only the other direction.
 */
public final class MessageTypesCheck {

	private MessageTypesCheck() {
	}

	/**
	 * Logs a warning for each of them.
	 * @param types the types
	 * @param mapper converts messages of these types
	 */
	public static void log(CpgMessageTypes types, CpgMessageMapper mapper) {
		mapper.unreadable().forEach(MessageTypesCheck::logUnreadable);
		Map<Class<?>, List<String>> names = types.asMap()
			.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.collect(Collectors.groupingBy(Map.Entry::getValue,
					Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
		names.forEach((type, several) -> {
			if (several.size() > 1 && type != String.class
					&& !AnnotatedElementUtils.hasAnnotation(type, CpgMessageType.class)) {
				logSeveral(type, several);
			}
		});
	}

	private static void logUnreadable(String name, String why) {
		CpgLog.MESSAGES.warn()
			.with("type", name)
			.log("Messages of the type '{}' cannot be read, and will be delivered as bytes: {}. An interface or an "
					+ "abstract class must say by @JsonTypeInfo and @JsonSubTypes which class it is, any other must have "
					+ "a constructor for Jackson; or give the name to a class that can be read: {}", name, why,
					CpgMessageTypes.property(name, "CLASS"));
	}

	private static void logSeveral(Class<?> type, List<String> names) {
		CpgLog.MESSAGES.warn()
			.log("{} has several names, {} (cpg.messages.types). It can be received under each of them but not sent. "
					+ "Annotate it with @CpgMessageType to choose the name for sending.", type, names);
	}

}

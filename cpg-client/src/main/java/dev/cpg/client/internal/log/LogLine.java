package dev.cpg.client.internal.log;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line of the log: a text and, for structured logging, key-values. All of it is made
 * {@linkplain Printable printable}, since names and texts may come from another member.
 */
public final class LogLine {

	private final Logger logger;

	private final Level level;

	private final Map<String, @Nullable Object> keyValues = new LinkedHashMap<>();

	private @Nullable Throwable cause;

	LogLine(Logger logger, Level level) {
		this.logger = logger;
		this.level = level;
	}

	/**
	 * Adds a key-value.
	 * @param key such as {@code group}
	 * @param value a number or boolean is kept as such, anything else is made a text
	 */
	public LogLine with(String key, @Nullable Object value) {
		this.keyValues.put(key, value);
		return this;
	}

	/**
	 * Adds an exception, whose stack trace is logged as it is.
	 * @param cause the exception, {@code null} for none
	 */
	public LogLine cause(@Nullable Throwable cause) {
		this.cause = cause;
		return this;
	}

	/**
	 * Writes the line. It never throws: a failing appender, or a lack of memory for the
	 * line, must not stop what the caller does.
	 * @param text the text, with {@code {}} for each argument
	 * @param arguments what they stand for
	 */
	public void log(String text, @Nullable Object... arguments) {
		try {
			if (this.logger.isEnabledForLevel(this.level)) {
				write(text, arguments);
			}
		}
		catch (Throwable ex) {
			// There is no place left to report it to.
		}
	}

	private void write(String text, @Nullable Object[] arguments) {
		LoggingEventBuilder line = this.logger.makeLoggingEventBuilder(this.level).setMessage(text);
		for (Object argument : arguments) {
			line = line.addArgument(plain(argument));
		}
		for (Map.Entry<String, @Nullable Object> keyValue : this.keyValues.entrySet()) {
			line = line.addKeyValue(keyValue.getKey(), plain(keyValue.getValue()));
		}
		line.setCause(this.cause).log();
	}

	private static Object plain(@Nullable Object value) {
		return (value instanceof Number || value instanceof Boolean) ? value : Printable.of(value);
	}

}

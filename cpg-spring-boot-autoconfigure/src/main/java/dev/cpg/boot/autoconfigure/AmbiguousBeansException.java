package dev.cpg.boot.autoconfigure;

import java.io.Serial;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * There are several beans of a type that the starter needs one of, and none is primary.
 */
final class AmbiguousBeansException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String remedy;

	AmbiguousBeansException(Class<?> type, Collection<String> names, String primary, String remedy) {
		super("There are %d beans of type %s, %s, and %s of them is primary, so the starter cannot choose one"
			.formatted(names.size(), type.getName(),
					names.stream().sorted().collect(Collectors.joining("', '", "'", "'")), primary));
		this.remedy = remedy;
	}

	/** Returns what can be done, beside making one of them primary. */
	String remedy() {
		return this.remedy;
	}

}

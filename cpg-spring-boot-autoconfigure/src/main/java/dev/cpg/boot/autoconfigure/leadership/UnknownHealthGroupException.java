package dev.cpg.boot.autoconfigure.leadership;

import java.io.Serial;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * A role needs a health group that this service does not have.
 */
final class UnknownHealthGroupException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final @Nullable TreeSet<String> groups;

	UnknownHealthGroupException(String group, Set<String> roles, @Nullable Set<String> groups) {
		super("The leader in %s needs the health group '%s', and this service has %s".formatted(new TreeSet<>(roles),
				group, describe(groups)));
		this.groups = (groups != null) ? new TreeSet<>(groups) : null;
	}

	private static String describe(@Nullable Set<String> groups) {
		if (groups == null) {
			return "no health endpoint";
		}
		return groups.isEmpty() ? "no health groups" : "the health groups " + new TreeSet<>(groups);
	}

	/** Returns the groups that there are, {@code null} without a health endpoint. */
	@Nullable Set<String> getGroups() {
		return this.groups;
	}

}

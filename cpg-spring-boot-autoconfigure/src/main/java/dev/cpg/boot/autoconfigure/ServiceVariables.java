package dev.cpg.boot.autoconfigure;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The environment variables by which Kubernetes, and Docker's links before it, name the
 * services of a namespace to each container of it. A service that is called
 * {@code cpg-groups} has {@code CPG_GROUPS_PORT=tcp://10.0.0.1:80} set, which nobody
 * means as a setting.
 */
final class ServiceVariables {

	private static final Pattern HOST = Pattern.compile("[A-Z0-9_]+_SERVICE_HOST");

	private static final Pattern NUMBER = Pattern.compile("[A-Z0-9_]+_SERVICE_PORT(_[A-Z0-9_]+)?");

	private static final Pattern URL = Pattern.compile("[A-Z0-9_]+_PORT");

	private static final Pattern PART = Pattern.compile("[A-Z0-9_]+_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

	private ServiceVariables() {
	}

	/** Returns whether a variable is one of them. */
	static boolean contain(String name, @Nullable Object value) {
		String text = String.valueOf(value);
		return HOST.matcher(name).matches() || PART.matcher(name).matches()
				|| (NUMBER.matcher(name).matches() && text.matches("\\d+"))
				|| (URL.matcher(name).matches() && text.matches("(tcp|udp|sctp)://.*"));
	}

}

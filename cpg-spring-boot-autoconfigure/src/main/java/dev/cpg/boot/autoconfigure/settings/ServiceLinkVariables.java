package dev.cpg.boot.autoconfigure.settings;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The environment variables that Kubernetes sets in each container for the services of
 * its namespace ({@code enableServiceLinks}), as Docker's links did before. For a service
 * named {@code cpg-groups} it sets {@code CPG_GROUPS_PORT=tcp://10.0.0.1:80}, which is no
 * setting of the starter.
 */
final class ServiceLinkVariables {

	private static final Pattern HOST = Pattern.compile("[A-Z0-9_]+_SERVICE_HOST");

	private static final Pattern NUMBER = Pattern.compile("[A-Z0-9_]+_SERVICE_PORT(_[A-Z0-9_]+)?");

	private static final Pattern URL = Pattern.compile("[A-Z0-9_]+_PORT");

	private static final Pattern PART = Pattern.compile("[A-Z0-9_]+_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");

	private ServiceLinkVariables() {
	}

	/** Returns whether a variable is such a one. */
	static boolean contain(String name, @Nullable Object value) {
		String text = String.valueOf(value);
		return HOST.matcher(name).matches() || PART.matcher(name).matches()
				|| (NUMBER.matcher(name).matches() && text.matches("\\d+"))
				|| (URL.matcher(name).matches() && text.matches("(tcp|udp|sctp)://.*"));
	}

}

package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CpgGroupName;

/**
 * The name of one of a service's groups, and where it comes from.
 *
 * @param origin the property or bean that the name comes from
 * @param name the name
 */
record NamedGroup(String origin, CpgGroupName name) {

	/**
	 * Returns the name as health and endpoint show it: with hyphens for slashes, which
	 * would begin another part of the path, and without a NUL at the end, which meters do
	 * not show either.
	 */
	String shown() {
		return this.name.text().replace('/', '-');
	}

	/** Says why there cannot be another group with a name that is shown like this. */
	String refusal(CpgGroupName other) {
		if (this.name.equals(other)) {
			return "%s has the same name: a service is in a group once.".formatted(this.origin);
		}
		if (this.name.text().equals(other.text())) {
			return "%s has the same name but for the NUL at its end, which meters and health do not show."
				.formatted(this.origin);
		}
		return "%s is '%s', and health and endpoint show a slash as a hyphen: both would be '%s'."
			.formatted(this.origin, this.name, shown());
	}

}

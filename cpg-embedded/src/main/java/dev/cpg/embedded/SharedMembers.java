package dev.cpg.embedded;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.client.CpgGroupName;

/**
 * What the groups of a ring began with, so that its daemons begin with the same objects
 * if they know the same members. Used by the engine's thread.
 */
final class SharedMembers {

	private final Map<CpgGroupName, Members> members = new HashMap<>();

	/** Returns members that are equal to those given, the same ones for all that can be. */
	Members share(CpgGroupName group, Members own) {
		Members known = this.members.get(group);
		if (known != null && known.list().equals(own.list())) {
			return known;
		}
		this.members.put(group, own);
		return own;
	}

}

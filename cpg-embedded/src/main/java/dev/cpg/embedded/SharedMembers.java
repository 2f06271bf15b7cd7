package dev.cpg.embedded;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

import dev.cpg.client.CpgGroupName;

/**
 * What the groups of a ring began with, so that its daemons begin with the same objects
 * if they know the same members. It does not keep them, as each has all that come after
 * it. Used by the engine's thread.
 */
final class SharedMembers {

	private final Map<CpgGroupName, WeakReference<Members>> members = new HashMap<>();

	/**
	 * Returns members that are equal to those given, the same ones for all that can be.
	 */
	Members share(CpgGroupName group, Members own) {
		WeakReference<Members> reference = this.members.get(group);
		Members known = (reference != null) ? reference.get() : null;
		if (known != null && known.list().equals(own.list())) {
			return known;
		}
		this.members.put(group, new WeakReference<>(own));
		return own;
	}

}

package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;

/**
 * The user of this process, by numbers: a name may be another user's outside of the user
 * namespace, or nobody's.
 *
 * @param inside the number here
 * @param outside the number that a daemon outside of the namespace knows
 */
public record UserId(String inside, String outside) {

	private static final UserId UNKNOWN = new UserId("?", "?");

	/** Returns the user of this process; {@code ?} if the system does not say. */
	public static UserId current() {
		try {
			long uid = UserNamespace.effectiveUser();
			return new UserId(Long.toString(uid), Long.toString(IdMap.uids().outside(uid)));
		}
		catch (IOException | RuntimeException ex) {
			return UNKNOWN;
		}
	}

	@Override
	public String toString() {
		return this.inside.equals(this.outside) ? this.inside
				: this.inside + " (" + this.outside + " outside of this user namespace)";
	}

}

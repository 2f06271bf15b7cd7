package dev.cpg.boot.autoconfigure.diagnostics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.cpg.client.internal.ipc.daemon.IdMap;

/**
 * The user that this process runs as, in the terms of corosync's {@code uidgid} setting:
 * with the numbers outside of its user namespace, which are those that corosync sees.
 *
 * @param name the user's name
 * @param uid the user's id
 * @param gid the id of the user's group
 */
record ProcessOwner(String name, String uid, String gid) {

	static ProcessOwner current() {
		String name = System.getProperty("user.name", "?");
		return new ProcessOwner(name.matches("[\\w.-]+") ? name : "cpg-service",
				outside("uid", IdMap::uids, "$(id -u)"), outside("gid", IdMap::gids, "$(id -g)"));
	}

	private static String outside(String attribute, Callable<IdMap> map, String otherwise) {
		try {
			int id = (int) Files.getAttribute(Path.of("/proc/self"), "unix:" + attribute);
			return Long.toString(map.call().outside(Integer.toUnsignedLong(id)));
		}
		catch (Exception ex) {
			return otherwise;
		}
	}

	/**
	 * Names the user alone: corosync admits whoever has the uid or the gid, and a group
	 * is often larger than its members think.
	 */
	String permissionAdvice() {
		return """
				This process runs as user '%1$s' (uid %2$s, gid %3$s). As root, on this node and on each other node that \
				the service runs on, create the file /etc/corosync/uidgid.d/%1$s with

				    uidgid {
				        uid: %2$s
				    }

				and let Corosync read it: corosync-cfgtool -R, or restart it. To let in everyone with the user's \
				group instead, write 'gid: %3$s'."""
			.formatted(this.name, this.uid, this.gid);
	}

}

package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.util.Set;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CsError;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

/**
 * The users that may run the daemon. While corosync is down, any local user can listen at
 * its address, invent members and messages, and read what is sent. The kernel knows who
 * listens, and cannot be deceived. Root may listen, and whoever the application trusts,
 * and the user of this process, who gains nothing by it.
 */
public final class TrustedUsers {

	private static final long ROOT = 0;

	private final Set<Long> trusted;

	private final String settingName;

	private final UserNamespace namespace;

	/**
	 * Creates it.
	 * @param trusted the users that the application names, as this process sees them
	 * @param settingName how the application calls the setting that names them
	 */
	public TrustedUsers(Set<Long> trusted, String settingName, UserNamespace namespace) {
		this.trusted = trusted;
		this.settingName = settingName;
		this.namespace = namespace;
	}

	/**
	 * Returns who listens at the other end of a socket.
	 * @throws CorosyncConnectException with {@link Reason#UNTRUSTED_DAEMON} if that user
	 * may not
	 */
	public Peer requirePeer(AFUNIXSocket socket, ServiceAddress service) throws IOException {
		AFUNIXSocketCredentials credentials = socket.getPeerCredentials();
		if (credentials == null) {
			throw refusal("%s cannot be trusted: the system does not say which user listens there".formatted(service));
		}
		return requirePeer(credentials.getUid(), credentials.getPid(), service);
	}

	Peer requirePeer(long uid, long pid, ServiceAddress service) {
		if (!isTrusted(uid)) {
			throw refusal(this.namespace.isAmbiguous(uid)
					? ("%1$s was not used: user %2$d listens there. In this process's user namespace that stands for every"
							+ " user that is not mapped, root included. If you trust all users of the host, set"
							+ " %3$s=%2$d; otherwise run the service outside of the user namespace, or map the"
							+ " daemon's user into it")
						.formatted(service, uid, this.settingName)
					: ("%1$s was not used: user %2$d listens there (process %3$d), and only root or this process's user,"
							+ " %4$s, may. If corosync is meant to run as user %2$d, set"
							+ " %5$s=%2$d; if not, somebody else has taken its place: end process"
							+ " %3$d, and start corosync")
						.formatted(service, uid, pid, UserId.current(), this.settingName));
		}
		return new Peer(uid, pid);
	}

	/** A number below 0 stands for a user that is not known, as this process's may be. */
	private boolean isTrusted(long uid) {
		if (this.trusted.contains(uid)) {
			return true;
		}
		return uid >= 0 && (uid == ROOT || uid == this.namespace.self()) && !this.namespace.isAmbiguous(uid);
	}

	/**
	 * Returns whether a file may belong to a user: the daemon makes its files, and gives
	 * them to the user of this process.
	 */
	public boolean mayOwnFiles(long uid, Peer peer) {
		return uid == peer.uid() || uid == this.namespace.self();
	}

	private static CorosyncConnectException refusal(String message) {
		return new CorosyncConnectException(Reason.UNTRUSTED_DAEMON, CsError.SECURITY, message,
				CorosyncSetting.TRUSTED_UIDS, null);
	}

	/**
	 * The process that listens.
	 *
	 * @param uid its user
	 * @param pid its number, 0 if it has none in this process's namespace
	 */
	public record Peer(long uid, long pid) {

	}

}

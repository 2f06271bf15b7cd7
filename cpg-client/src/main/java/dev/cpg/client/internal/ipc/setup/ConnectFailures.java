package dev.cpg.client.internal.ipc.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.daemon.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions for all that can go wrong while a connection to a service is set up,
 * each with what to do about it.
 *
 * @param service the service
 */
record ConnectFailures(ServiceAddress service) {

	CorosyncConnectException notRunning(IOException cause) {
		return new CorosyncConnectException(Reason.NOT_RUNNING, CsError.NOT_EXIST,
				"Nobody listens at %s; corosync is not running, or %s".formatted(this.service,
						this.service.whereElse()),
				this.service.file(), cause);
	}

	CorosyncConnectException closedDirectory(Path closed, IOException cause) {
		return new CorosyncConnectException(Reason.NOT_PERMITTED, CsError.ACCESS,
				"%s cannot be reached: this process's user, %s, may not enter the directory %s".formatted(this.service,
						UserId.current(), closed),
				cause);
	}

	/** Such as a file descriptor, which is not corosync's fault. */
	CorosyncConnectException noResources(IOException cause) {
		return new CorosyncConnectException(Reason.NO_RESOURCES, CsError.NO_RESOURCES,
				"No connection to %s can be opened: %s".formatted(this.service, cause.getMessage()), cause);
	}

	CorosyncConnectException timeout(Duration timeout, IOException cause) {
		return new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT,
				"%s did not answer within %d ms; corosync is stopped or overloaded".formatted(this.service,
						timeout.toMillis()),
				cause);
	}

	CorosyncConnectException ended(IOException cause) {
		return new CorosyncConnectException(Reason.NOT_READY, CsError.TRY_AGAIN,
				"%s ended the connection before it was set up; corosync is starting or stopping, try again"
					.formatted(this.service),
				cause);
	}

	CorosyncConnectException failed(IOException cause) {
		return new CorosyncConnectException(Reason.PROTOCOL, CsError.LIBRARY,
				"Connecting to %s failed: %s".formatted(this.service, cause.getMessage()), cause);
	}

	/** Returns the exception for an error number in the response. */
	CorosyncConnectException refused(int errno) {
		return switch (errno) {
			case Errno.EACCES, Errno.EPERM -> permissionDenied(null);
			case Errno.EAGAIN -> new CorosyncConnectException(Reason.NOT_READY, CsError.TRY_AGAIN,
					"%s takes no connections now; corosync is starting or stopping, try again".formatted(this.service),
					null);
			case Errno.ENOSPC -> new CorosyncConnectException(Reason.NO_RESOURCES, CsError.NO_SPACE,
					("%s has no room in its shared memory for another connection, which takes some 3 MB; make its"
							+ " /dev/shm larger, or remove what fills it")
						.formatted(this.service),
					null);
			default -> new CorosyncConnectException(Reason.PROTOCOL, Errno.toCsError(errno),
					"%s refused the connection with errno %d".formatted(this.service, errno), null);
		};
	}

	CorosyncConnectException permissionDenied(@Nullable Throwable cause) {
		UserId user = UserId.current();
		return new CorosyncConnectException(Reason.PERMISSION_DENIED, CsError.ACCESS,
				("%s refused the user %s; corosync admits root and the users that its uidgid lists: put"
						+ " uidgid { uid: %s } into a file in /etc/corosync/uidgid.d and run corosync-cfgtool -R")
					.formatted(this.service, user, user.outside()),
				cause);
	}

	CorosyncConnectException unsupportedTransport(int type) {
		return new CorosyncConnectException(Reason.UNSUPPORTED_TRANSPORT, CsError.NOT_SUPPORTED,
				("%s offers transport %d, which is neither shared memory nor sockets; set qb_ipc_type to native"
						+ " in the system section of corosync.conf")
					.formatted(this.service, type),
				null);
	}

	CorosyncConnectException memoryNotShared(String file, IOException cause) {
		return new CorosyncConnectException(Reason.SHARED_MEMORY_NOT_SHARED, CsError.NOT_EXIST,
				("%s answered, but the shared memory that it offers, %s, is not here; this process has another"
						+ " /dev/shm than corosync: mount the host's into the container")
					.formatted(this.service, file),
				cause);
	}

	CorosyncConnectException memoryNotReadable(Path memory, IOException cause) {
		return new CorosyncConnectException(Reason.NOT_PERMITTED, CsError.ACCESS,
				"%s may not be read by this process's user, %s; the memory that corosync shares is there"
					.formatted(memory, UserId.current()),
				cause);
	}

	CorosyncConnectException memoryReadOnly(Path memory, IOException cause) {
		return new CorosyncConnectException(Reason.NOT_PERMITTED, CsError.ACCESS,
				"%s is mounted read-only here; this process and corosync both write to memory in it: mount it writable"
					.formatted(memory),
				cause);
	}

	CorosyncConnectException socketNotReachable(ServiceAddress socket, IOException cause) {
		return new CorosyncConnectException(Reason.NETWORK_NOT_SHARED, CsError.NOT_EXIST,
				("%s answered, but %s, which it offers, cannot be reached (%s); this process is in another network"
						+ " namespace than corosync: give the container the host's, or set qb_ipc_type to native in"
						+ " the system section of corosync.conf")
					.formatted(this.service, socket, cause.getMessage()),
				cause);
	}

}

package dev.cpg.client;

import java.io.Serial;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A connection could not be opened. The {@link #reason()} distinguishes the cases that
 * need different remedies.
 */
public final class CorosyncConnectException extends CorosyncException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Reason reason;

	private final transient @Nullable Path socket;

	/**
	 * Creates an exception.
	 * @param reason the case
	 * @param error the error
	 * @param message what was asked, of whom, and what to do about it
	 * @param cause what it comes of, if anything
	 */
	public CorosyncConnectException(Reason reason, CsError error, String message, @Nullable Throwable cause) {
		this(reason, error, message, null, null, cause);
	}

	/**
	 * Creates an exception that a setting could have spared.
	 * @param reason the case
	 * @param error the error
	 * @param message what was asked, of whom, and what to do about it
	 * @param setting the setting of which another value would help
	 * @param cause what it comes of, if anything
	 */
	public CorosyncConnectException(Reason reason, CsError error, String message, @Nullable CorosyncSetting setting,
			@Nullable Throwable cause) {
		this(reason, error, message, setting, null, cause);
	}

	/**
	 * Creates an exception for a daemon that does not listen where it was expected to.
	 * @param reason the case
	 * @param error the error
	 * @param message what was asked, of whom, and what to do about it
	 * @param socket the daemon's file socket, {@code null} for an abstract one
	 * @param cause what it comes of, if anything
	 */
	public CorosyncConnectException(Reason reason, CsError error, String message, @Nullable Path socket,
			@Nullable Throwable cause) {
		this(reason, error, message, null, socket, cause);
	}

	private CorosyncConnectException(Reason reason, CsError error, String message, @Nullable CorosyncSetting setting,
			@Nullable Path socket, @Nullable Throwable cause) {
		super(error, message, setting, cause);
		this.reason = reason;
		this.socket = socket;
	}

	/**
	 * Returns the case.
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Returns the file socket at which the daemon was expected to listen, with
	 * {@link Reason#NOT_RUNNING}; {@code null} for an abstract socket, and after
	 * serialization.
	 */
	public @Nullable Path socket() {
		return this.socket;
	}

	/**
	 * Why there is no connection.
	 */
	public enum Reason {

		/** Nobody listens: the daemon does not run, or runs in another namespace. */
		NOT_RUNNING,

		/** The daemon takes no connections yet, or no longer. */
		NOT_READY,

		/** The daemon refused this user: neither root nor listed in {@code uidgid}. */
		PERMISSION_DENIED,

		/**
		 * A user that is not trusted listens in the daemon's place: neither root, nor the
		 * user of this process, nor one of the trusted users. Nothing was sent.
		 */
		UNTRUSTED_DAEMON,

		/** The shared memory that the daemon offers is not in this {@code /dev/shm}. */
		SHARED_MEMORY_NOT_SHARED,

		/**
		 * The sockets that the daemon offers are not in this network namespace. It offers
		 * them if {@code qb_ipc_type} in corosync.conf is {@code socket}.
		 */
		NETWORK_NOT_SHARED,

		/** The native library of junixsocket could not be loaded; a new JVM may do it. */
		NATIVE_LIBRARY,

		/**
		 * The JVM lets junixsocket load no native library; {@code --enable-native-access}
		 * allows it.
		 */
		NATIVE_ACCESS_DENIED,

		/**
		 * The system denies this process something: Unix sockets, the socket's directory,
		 * or writing to {@code /dev/shm}.
		 */
		NOT_PERMITTED,

		/** Not Linux, not 64 bits, or not little-endian. */
		UNSUPPORTED_PLATFORM,

		/** The daemon offers a transport that this version does not speak. */
		UNSUPPORTED_TRANSPORT,

		/** The daemon did not answer in time. */
		TIMEOUT,

		/**
		 * The system gave no socket, no connection or no shared memory: most likely one
		 * of them is used up.
		 */
		NO_RESOURCES,

		/**
		 * The daemon violated the protocol, or an input or output error occurred.
		 */
		PROTOCOL;

		/**
		 * Returns whether this process cannot get a connection any more, where another
		 * one may: a library that was not loaded is not tried again.
		 */
		public boolean lastsUntilRestart() {
			return this == NATIVE_LIBRARY || this == NATIVE_ACCESS_DENIED;
		}

	}

}

package dev.cpg.client.internal.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.daemon.SharedMemoryFiles;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers.Peer;
import dev.cpg.client.internal.ipc.daemon.UserId;
import dev.cpg.client.internal.ipc.memory.ControlFile;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.transport.DataSocket;
import dev.cpg.client.internal.ipc.transport.DatagramSockets;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import dev.cpg.client.internal.ipc.transport.Platform;
import dev.cpg.client.internal.ipc.transport.ShmTransport;
import dev.cpg.client.internal.ipc.transport.SocketTransport;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.ConnectionRefusedSocketException;

/**
 * Connects to a service of the daemon: libqb's set-up handshake, and what it leads to.
 * Every way in which it goes wrong is a {@link CorosyncConnectException} with a reason of
 * its own.
 */
public final class IpcSetup {

	private static final int REQUEST_LENGTH = 24;

	private static final int RESPONSE_LENGTH = 12_328;

	private static final int SETUP_ID = -1;

	/** What libcpg asks for. */
	private static final int MAX_MESSAGE_SIZE = 1 << 20;

	private static final int TYPE_SOCKET = 0;

	private static final int TYPE_SHARED_MEMORY = 1;

	private static final int ERROR = 16;

	private static final int TYPE = 24;

	private static final int GRANTED_SIZE = 28;

	private static final int REQUEST_NAME = 40;

	private static final int RESPONSE_NAME = 4136;

	private static final int EVENT_NAME = 8232;

	private static final int NAME_LENGTH = 4096;

	private static final int END_MILLIS = 50;

	static final Path SHARED_MEMORY = Path.of("/dev/shm");

	private static final int EPERM = 1;

	private static final int EAGAIN = 11;

	private static final int EACCES = 13;

	private static final int ENOSPC = 28;

	private final ServiceAddress service;

	private final Duration timeout;

	private final DatagramSockets datagramSockets;

	private final TrustedUsers trustedUsers;

	private final int leastFrameSize;

	public IpcSetup(ServiceAddress service, Duration timeout, TrustedUsers trustedUsers,
			DatagramSockets datagramSockets, int leastFrameSize) {
		this.leastFrameSize = leastFrameSize;
		this.service = service;
		this.timeout = timeout;
		this.trustedUsers = trustedUsers;
		this.datagramSockets = datagramSockets;
	}

	/**
	 * Opens a connection. To be called on a thread that nobody interrupts.
	 */
	public IpcTransport connect() {
		Platform.requireSupported();
		AFUNIXSocket socket = null;
		try {
			socket = openSocket();
			// Before a byte is sent.
			Peer peer = this.trustedUsers.requirePeer(socket, this.service);
			ByteBuffer response = handshake(socket);
			socket.setSoTimeout(0);
			IpcTransport transport = open(socket, peer, response);
			socket = null;
			return transport;
		}
		catch (SocketTimeoutException ex) {
			throw new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT,
					"%s did not answer within %d ms; corosync is stopped or overloaded".formatted(this.service,
							this.timeout.toMillis()),
					ex);
		}
		catch (EOFException | SocketException ex) {
			throw new CorosyncConnectException(Reason.NOT_READY, CsError.TRY_AGAIN,
					"%s ended the connection before it was set up; corosync is starting or stopping, try again"
						.formatted(this.service),
					ex);
		}
		catch (IOException ex) {
			throw new CorosyncConnectException(Reason.PROTOCOL, CsError.LIBRARY,
					"Connecting to %s failed: %s".formatted(this.service, ex.getMessage()), ex);
		}
		finally {
			if (socket != null) {
				Platform.closeQuietly(socket);
			}
		}
	}

	private AFUNIXSocket openSocket() throws IOException {
		AFUNIXSocket socket;
		try {
			socket = Platform.newSocket();
		}
		catch (IOException ex) {
			throw noResources(ex);
		}
		try {
			// Before connecting: that waits too, while the daemon's backlog is full.
			socket.setSoTimeout(timeoutMillis());
			socket.connect(this.service.toSocketAddress(), timeoutMillis());
			return socket;
		}
		catch (SocketTimeoutException ex) {
			Platform.closeQuietly(socket);
			throw ex;
		}
		catch (IOException ex) {
			Platform.closeQuietly(socket);
			Path file = this.service.file();
			if (file != null && Files.exists(file) && !Files.isWritable(file)) {
				throw permissionDenied(ex);
			}
			Path closed = this.service.closedDirectory();
			if (closed != null) {
				throw new CorosyncConnectException(Reason.NOT_PERMITTED, CsError.ACCESS,
						"%s cannot be reached: this process's user, %s, may not enter the directory %s"
							.formatted(this.service, UserId.current(), closed),
						ex);
			}
			if (ex instanceof ConnectionRefusedSocketException || (file != null && !Files.exists(file))) {
				throw new CorosyncConnectException(Reason.NOT_RUNNING, CsError.NOT_EXIST,
						"Nobody listens at %s; corosync is not running, or %s".formatted(this.service,
								this.service.whereElse()),
						ex);
			}
			throw noResources(ex);
		}
	}

	/** Such as a file descriptor, which is not corosync's fault. */
	private CorosyncConnectException noResources(IOException ex) {
		return new CorosyncConnectException(Reason.NO_RESOURCES, CsError.NO_RESOURCES,
				"No connection to %s can be opened: %s".formatted(this.service, ex.getMessage()), ex);
	}

	private ByteBuffer handshake(AFUNIXSocket socket) throws IOException {
		ByteBuffer request = ByteBuffer.allocate(REQUEST_LENGTH).order(ByteOrder.nativeOrder());
		request.putInt(0, SETUP_ID).putInt(8, REQUEST_LENGTH).putInt(16, MAX_MESSAGE_SIZE);
		socket.getOutputStream().write(request.array());
		byte[] response = new byte[RESPONSE_LENGTH];
		Deadline deadline = Deadline.in(this.timeout);
		InputStream input = socket.getInputStream();
		for (int length = 0; length < RESPONSE_LENGTH;) {
			// The limit is that of the whole response, though it may come byte by byte.
			socket.setSoTimeout((int) Math.max(1, Math.min(deadline.remainingNanos() / 1_000_000, timeoutMillis())));
			int count = input.read(response, length, RESPONSE_LENGTH - length);
			if (count < 0) {
				throw new EOFException("the connection ended after %d bytes".formatted(length));
			}
			if (deadline.isOver()) {
				throw new SocketTimeoutException("only %d bytes came in time".formatted(length));
			}
			length += count;
		}
		return ByteBuffer.wrap(response).order(ByteOrder.nativeOrder());
	}

	private IpcTransport open(AFUNIXSocket socket, Peer peer, ByteBuffer response) throws IOException {
		int errno = -response.getInt(ERROR);
		switch (errno) {
			case 0 -> {
			}
			case EACCES, EPERM -> throw permissionDenied(null);
			case EAGAIN -> throw new CorosyncConnectException(Reason.NOT_READY, CsError.TRY_AGAIN,
					"%s takes no connections now; corosync is starting or stopping, try again".formatted(this.service),
					null);
			case ENOSPC -> throw new CorosyncConnectException(Reason.NO_RESOURCES, CsError.NO_SPACE,
					("%s has no room in its shared memory for another connection, which takes some 3 MB; make its"
							+ " /dev/shm larger, or remove what fills it")
						.formatted(this.service),
					null);
			default -> throw new CorosyncConnectException(Reason.PROTOCOL, Errno.toCsError(errno),
					"%s refused the connection with errno %d".formatted(this.service, errno), null);
		}
		int type = response.getInt(TYPE);
		try {
			return switch (type) {
				case TYPE_SHARED_MEMORY -> openRings(socket, peer, response);
				case TYPE_SOCKET -> openSockets(socket, peer, response);
				default -> throw new CorosyncConnectException(Reason.UNSUPPORTED_TRANSPORT, CsError.NOT_SUPPORTED,
						("%s offers transport %d, which is neither shared memory nor sockets; set qb_ipc_type to native"
								+ " in the system section of corosync.conf")
							.formatted(this.service, type),
						null);
			};
		}
		catch (NoSuchFileException ex) {
			if (isEnded(socket)) {
				throw new EOFException("it removed what it offered");
			}
			throw new CorosyncConnectException(Reason.SHARED_MEMORY_NOT_SHARED, CsError.NOT_EXIST,
					("%s answered, but the shared memory that it offers, %s, is not here; this process has another"
							+ " /dev/shm than corosync: mount the host's into the container")
						.formatted(this.service, ex.getFile()),
					ex);
		}
		catch (AccessDeniedException ex) {
			if (SHARED_MEMORY.toString().equals(ex.getFile())) {
				throw new CorosyncConnectException(Reason.NOT_PERMITTED, CsError.ACCESS,
						"%s may not be read by this process's user, %s; corosync is spoken to by memory in it"
							.formatted(SHARED_MEMORY, UserId.current()),
						ex);
			}
			throw permissionDenied(ex);
		}
		catch (FileSystemException ex) {
			if (Files.isWritable(SHARED_MEMORY)) {
				throw ex;
			}
			throw new CorosyncConnectException(Reason.NOT_PERMITTED, CsError.ACCESS,
					"%s is mounted read-only here; corosync is spoken to by memory in it that both sides write: mount it"
						.formatted(SHARED_MEMORY) + " writable",
					ex);
		}
	}

	private IpcTransport openRings(AFUNIXSocket socket, Peer peer, ByteBuffer response) throws IOException {
		DaemonDirectory memory = directory(SHARED_MEMORY, peer);
		List<DaemonFile> files = new ArrayList<>();
		List<MappedRing> rings = new ArrayList<>();
		IpcTransport transport = null;
		try {
			for (int offset : new int[] { REQUEST_NAME, RESPONSE_NAME, EVENT_NAME }) {
				Path name = memory.resolve(name(response, offset));
				DaemonFile header = memory.find(MappedRing.headerFile(name), DaemonFile.Kind.FILE);
				DaemonFile data = memory.find(MappedRing.dataFile(name), DaemonFile.Kind.FILE);
				files.addAll(List.of(header, data));
				rings.add(MappedRing.open(header, data));
			}
			memory.addDirectoryOf(files.get(0), files);
			IpcTransport opened = new ShmTransport(socket, rings.toArray(MappedRing[]::new),
					new SharedMemoryFiles(files, peer.pid()), response.getInt(GRANTED_SIZE));
			requireRoom(opened.maxFrameSize());
			transport = opened;
			return transport;
		}
		finally {
			if (transport == null) {
				rings.forEach(MappedRing::unmap);
			}
		}
	}

	private IpcTransport openSockets(AFUNIXSocket socket, Peer peer, ByteBuffer response) throws IOException {
		int granted = response.getInt(GRANTED_SIZE);
		requireRoom(granted);
		DaemonDirectory memory = directory(SHARED_MEMORY, peer);
		String name = name(response, RESPONSE_NAME);
		memory.resolve(name);
		ServiceAddress requests = this.service.sibling(name + "-request");
		ServiceAddress events = this.service.sibling(name + "-event-tx");
		List<DaemonFile> files = new ArrayList<>();
		files.add(memory.find(memory.resolve(name(response, REQUEST_NAME)), DaemonFile.Kind.FILE));
		Deque<Runnable> undo = new ArrayDeque<>();
		try {
			ControlFile control = ControlFile.open(files.get(0));
			undo.push(control::unmap);
			DataSocket requestSocket = openSocket(socket, peer, this.service.sibling(name + "-response"), requests,
					granted);
			undo.push(requestSocket::close);
			DataSocket eventSocket = openSocket(socket, peer, this.service.sibling(name + "-event"), events, granted);
			undo.push(eventSocket::close);
			for (Path file : Stream.of(requests.file(), events.file()).filter(Objects::nonNull).toList()) {
				files.add(directory(Objects.requireNonNull(file.getParent()), peer).find(file, DaemonFile.Kind.SOCKET));
			}
			memory.addDirectoryOf(files.get(0), files);
			IpcTransport transport = new SocketTransport(socket, requestSocket, eventSocket, control,
					new SharedMemoryFiles(files, peer.pid()), granted);
			undo.clear();
			return transport;
		}
		finally {
			undo.forEach(Runnable::run);
		}
	}

	private DaemonDirectory directory(Path path, Peer peer) {
		return new DaemonDirectory(path, (uid) -> this.trustedUsers.mayOwnFiles(uid, peer));
	}

	private DataSocket openSocket(AFUNIXSocket setup, Peer peer, ServiceAddress local, ServiceAddress remote,
			int frameSize) throws IOException {
		try {
			return DataSocket.open(this.datagramSockets, local, remote, frameSize, (path) -> directory(path, peer));
		}
		catch (SocketException ex) {
			if (isEnded(setup)) {
				throw new EOFException("it closed what it offered");
			}
			Path file = remote.file();
			if (file != null && Files.exists(file) && !Files.isWritable(file)) {
				throw permissionDenied(ex);
			}
			throw new CorosyncConnectException(Reason.NOT_RUNNING, CsError.NOT_EXIST,
					("%s answered, but %s, which it offers, cannot be reached (%s); this process is in another network"
							+ " namespace than corosync: give the container the host's, or set qb_ipc_type to native in"
							+ " the system section of corosync.conf")
						.formatted(this.service, remote, ex.getMessage()),
					ex);
		}
	}

	private void requireRoom(int frameSize) throws IOException {
		if (frameSize < this.leastFrameSize) {
			throw new IOException(
					"it grants frames of %d bytes, which have no room for what the service needs".formatted(frameSize));
		}
	}

	/** Whether the daemon has ended the connection, which it does when it stops. */
	private static boolean isEnded(AFUNIXSocket socket) throws IOException {
		socket.setSoTimeout(END_MILLIS);
		try {
			return socket.getInputStream().read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

	private static String name(ByteBuffer response, int offset) throws IOException {
		int length = 0;
		while (length < NAME_LENGTH && response.get(offset + length) != 0) {
			length++;
		}
		if (length == 0 || length == NAME_LENGTH) {
			throw new IOException("a name that it offers has no end, or is empty");
		}
		byte[] name = new byte[length];
		response.get(offset, name);
		// No byte is lost: those that are no ASCII are refused where the name is used.
		return new String(name, StandardCharsets.ISO_8859_1);
	}

	private CorosyncConnectException permissionDenied(@Nullable Throwable cause) {
		UserId user = UserId.current();
		return new CorosyncConnectException(Reason.PERMISSION_DENIED, CsError.ACCESS,
				("%s refused the user %s; corosync admits root and the users and groups that it is told of: put"
						+ " uidgid { uid: %s } into a file in /etc/corosync/uidgid.d and run corosync-cfgtool -R")
					.formatted(this.service, user, user.outside()),
				cause);
	}

	private int timeoutMillis() {
		return (int) Math.max(1, Math.min(this.timeout.toMillis(), Integer.MAX_VALUE));
	}

}

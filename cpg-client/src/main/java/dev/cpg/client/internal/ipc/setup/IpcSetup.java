package dev.cpg.client.internal.ipc.setup;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers.Peer;
import dev.cpg.client.internal.ipc.transport.DatagramSockets;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import dev.cpg.client.internal.ipc.transport.Platform;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * Connects to a service of the daemon. Every way in which that goes wrong is a
 * {@link CorosyncConnectException} with a reason of its own; see {@link ConnectFailures}.
 */
public final class IpcSetup {

	private final ServiceAddress service;

	private final Duration timeout;

	private final TrustedUsers trustedUsers;

	private final DatagramSockets datagramSockets;

	private final FrameSizeCheck sizeCheck;

	private final ConnectFailures failures;

	/**
	 * Creates one.
	 * @param service the service
	 * @param socketDirectory the directory of the daemon's file sockets, or {@code null};
	 * see {@link ServiceAddress#of}
	 * @param timeout how long the daemon may take to answer
	 * @param trustedUsers the users that may run the daemon
	 * @param datagramSockets makes the sockets of the socket transport
	 */
	public IpcSetup(IpcService service, @Nullable Path socketDirectory, Duration timeout, TrustedUsers trustedUsers,
			DatagramSockets datagramSockets) {
		this.service = ServiceAddress.of(service.name(), socketDirectory);
		this.timeout = timeout;
		this.trustedUsers = trustedUsers;
		this.datagramSockets = datagramSockets;
		this.sizeCheck = new FrameSizeCheck(service.leastFrameSize());
		this.failures = new ConnectFailures(this.service);
	}

	/**
	 * Opens a connection. To be called on a thread that nobody interrupts.
	 * @throws CorosyncConnectException if there is none
	 */
	public IpcTransport connect() {
		Platform.requireSupported();
		Handshake handshake = new Handshake(this.service, this.timeout, this.failures);
		AFUNIXSocket socket = null;
		try {
			socket = handshake.connect();
			// Before a byte is sent.
			Peer peer = this.trustedUsers.requirePeer(socket, this.service);
			SetupResponse response = handshake.exchange(socket);
			IpcTransport transport = accept(new Offer(socket, peer, response, this.trustedUsers));
			socket = null;
			return transport;
		}
		catch (SocketTimeoutException ex) {
			throw this.failures.timeout(this.timeout, ex);
		}
		catch (EOFException | SocketException ex) {
			throw this.failures.ended(ex);
		}
		catch (IOException ex) {
			throw this.failures.failed(ex);
		}
		finally {
			if (socket != null) {
				Platform.closeQuietly(socket);
			}
		}
	}

	private IpcTransport accept(Offer offer) throws IOException {
		int errno = offer.response().errno();
		if (errno != 0) {
			throw this.failures.refused(errno);
		}
		try {
			return open(offer);
		}
		catch (NoSuchFileException ex) {
			if (offer.isWithdrawn()) {
				throw new EOFException("it removed what it offered");
			}
			throw this.failures.memoryNotShared(ex.getFile(), ex);
		}
		catch (AccessDeniedException ex) {
			throw Offer.SHARED_MEMORY.toString().equals(ex.getFile())
					? this.failures.memoryNotReadable(Offer.SHARED_MEMORY, ex) : this.failures.permissionDenied(ex);
		}
		catch (FileSystemException ex) {
			if (Files.isWritable(Offer.SHARED_MEMORY)) {
				throw ex;
			}
			throw this.failures.memoryReadOnly(Offer.SHARED_MEMORY, ex);
		}
	}

	private IpcTransport open(Offer offer) throws IOException {
		int transport = offer.response().transport();
		return switch (transport) {
			case SetupResponse.SHARED_MEMORY -> new OfferedRings(offer).open(this.sizeCheck);
			case SetupResponse.SOCKETS ->
				new OfferedSockets(offer, this.failures, this.datagramSockets).open(this.sizeCheck);
			default -> throw this.failures.unsupportedTransport(transport);
		};
	}

}

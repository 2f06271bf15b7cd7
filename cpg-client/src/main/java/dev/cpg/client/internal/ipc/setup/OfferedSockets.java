package dev.cpg.client.internal.ipc.setup;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.memory.ControlFile;
import dev.cpg.client.internal.ipc.transport.DataSocket;
import dev.cpg.client.internal.ipc.transport.DatagramSockets;
import dev.cpg.client.internal.ipc.transport.SocketTransport;

/**
 * Opens the datagram sockets that the daemon offers, and the file that both sides count
 * their messages in.
 */
final class OfferedSockets {

	private final Offer offer;

	private final ConnectFailures failures;

	private final DatagramSockets sockets;

	/** Closes in reverse what was opened, should the rest fail. */
	private final Deque<Runnable> undo = new ArrayDeque<>();

	OfferedSockets(Offer offer, ConnectFailures failures, DatagramSockets sockets) {
		this.offer = offer;
		this.failures = failures;
		this.sockets = sockets;
	}

	SocketTransport open(FrameSizeCheck sizeCheck) throws IOException {
		SetupResponse response = this.offer.response();
		sizeCheck.require(response.frameSize());
		DaemonDirectory memory = this.offer.memory();
		String name = response.responseName();
		memory.resolve(name);
		ServiceAddress service = this.failures.service();
		ServiceAddress requests = service.sibling(name + "-request");
		ServiceAddress events = service.sibling(name + "-event-tx");
		List<DaemonFile> files = new ArrayList<>();
		files.add(memory.find(memory.resolve(response.requestName()), DaemonFile.Kind.FILE));
		try {
			ControlFile control = ControlFile.open(files.get(0));
			this.undo.push(control::unmap);
			DataSocket requestSocket = open(service.sibling(name + "-response"), requests);
			DataSocket eventSocket = open(service.sibling(name + "-event"), events);
			for (Path file : Stream.of(requests.file(), events.file()).filter(Objects::nonNull).toList()) {
				files.add(this.offer.directory(Objects.requireNonNull(file.getParent()))
					.find(file, DaemonFile.Kind.SOCKET));
			}
			memory.addDirectoryOf(files.get(0), files);
			SocketTransport transport = new SocketTransport(this.offer.socket(), requestSocket, eventSocket, control,
					this.offer.files(files), response.frameSize());
			this.undo.clear();
			return transport;
		}
		finally {
			this.undo.forEach(Runnable::run);
		}
	}

	private DataSocket open(ServiceAddress local, ServiceAddress remote) throws IOException {
		try {
			DataSocket socket = DataSocket.open(this.sockets, local, remote, this.offer.response().frameSize(),
					this.offer::directory);
			this.undo.push(socket::close);
			return socket;
		}
		catch (SocketException ex) {
			if (this.offer.isWithdrawn()) {
				throw new EOFException("it closed what it offered");
			}
			Path file = remote.file();
			if (file != null && Files.exists(file) && !Files.isWritable(file)) {
				throw this.failures.permissionDenied(ex);
			}
			throw this.failures.socketNotReachable(remote, ex);
		}
	}

}

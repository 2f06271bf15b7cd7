package dev.cpg.client.internal.ipc.setup;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import dev.cpg.client.internal.ipc.transport.Platform;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.ConnectionRefusedSocketException;

/**
 * The first words with a service: a stream socket is connected, and one request is
 * answered on it.
 */
final class Handshake {

	private static final int REQUEST_LENGTH = 24;

	private static final int REQUEST_ID = -1;

	/** The largest frame that is asked for: what libcpg asks for. */
	private static final int MAX_FRAME_SIZE = 1 << 20;

	private final ServiceAddress service;

	private final Duration timeout;

	private final ConnectFailures failures;

	Handshake(ServiceAddress service, Duration timeout, ConnectFailures failures) {
		this.service = service;
		this.timeout = timeout;
		this.failures = failures;
	}

	/** Connects to the service. */
	AFUNIXSocket connect() throws IOException {
		AFUNIXSocket socket;
		try {
			socket = Platform.newSocket();
		}
		catch (IOException ex) {
			throw this.failures.noResources(ex);
		}
		boolean connected = false;
		try {
			// Before connecting: that waits too, while the daemon's backlog is full.
			socket.setSoTimeout(timeoutMillis());
			socket.connect(this.service.toSocketAddress(), timeoutMillis());
			connected = true;
			return socket;
		}
		catch (SocketTimeoutException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw notConnected(ex);
		}
		finally {
			if (!connected) {
				Platform.closeQuietly(socket);
			}
		}
	}

	private RuntimeException notConnected(IOException cause) {
		Path file = this.service.file();
		if (file != null && Files.exists(file) && !Files.isWritable(file)) {
			return this.failures.permissionDenied(cause);
		}
		Path closed = this.service.closedDirectory();
		if (closed != null) {
			return this.failures.closedDirectory(closed, cause);
		}
		if (cause instanceof ConnectionRefusedSocketException || (file != null && !Files.exists(file))) {
			return this.failures.notRunning(cause);
		}
		return this.failures.noResources(cause);
	}

	/** Sends the request and waits for the response. */
	SetupResponse exchange(AFUNIXSocket socket) throws IOException {
		ByteBuffer request = ByteBuffer.allocate(REQUEST_LENGTH).order(ByteOrder.nativeOrder());
		request.putInt(0, REQUEST_ID).putInt(8, REQUEST_LENGTH).putInt(16, MAX_FRAME_SIZE);
		socket.getOutputStream().write(request.array());
		byte[] response = new byte[SetupResponse.LENGTH];
		Deadline deadline = Deadline.in(this.timeout);
		InputStream input = socket.getInputStream();
		for (int length = 0; length < response.length;) {
			// The limit is that of the whole response, though it may come byte by byte.
			socket.setSoTimeout((int) Math.max(1, Math.min(deadline.remainingNanos() / 1_000_000, timeoutMillis())));
			int count = input.read(response, length, response.length - length);
			if (count < 0) {
				throw new EOFException("the connection ended after %d bytes".formatted(length));
			}
			if (deadline.isOver()) {
				throw new SocketTimeoutException("only %d bytes came in time".formatted(length));
			}
			length += count;
		}
		socket.setSoTimeout(0);
		return new SetupResponse(response);
	}

	private int timeoutMillis() {
		return (int) Math.max(1, Math.min(this.timeout.toMillis(), Integer.MAX_VALUE));
	}

}

package dev.cpg.client.corosync;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXDatagramSocket;

/**
 * A datagram socket between this process and the daemon, which never blocks. No other
 * socket can send to it, as it is connected.
 * <p>
 * The methods of its channel are for threads that nobody interrupts: an interrupt closes
 * the channel. Those of its socket are for all.
 */
final class DataSocket implements Closeable {

	/** What the kernel sets aside of a send buffer, so that no datagram fills it. */
	private static final int SEND_MARGIN = 32;

	private final AFUNIXDatagramSocket socket;

	private final AFUNIXDatagramChannel channel;

	/** The socket's file, which nobody removes for it. */
	private final @Nullable Path file;

	private DataSocket(AFUNIXDatagramSocket socket, @Nullable Path file) {
		this.socket = socket;
		this.channel = socket.getChannel();
		this.file = file;
	}

	static DataSocket open(DatagramSockets sockets, ServiceAddress local, ServiceAddress remote, int frameSize)
			throws IOException {
		DataSocket data = new DataSocket(sockets.open(), local.file());
		boolean opened = false;
		try {
			if (data.file != null) {
				Files.deleteIfExists(data.file);
			}
			data.socket.bind(local.toSocketAddress());
			data.socket.connect(remote.toSocketAddress());
			data.raise(frameSize);
			data.channel.configureBlocking(false);
			opened = true;
			return data;
		}
		finally {
			if (!opened) {
				data.close();
			}
		}
	}

	/** The kernel keeps twice the value, and the limit of an unprivileged process. */
	private void raise(int frameSize) throws IOException {
		if (this.channel.getOption(StandardSocketOptions.SO_SNDBUF) <= frameSize) {
			this.channel.setOption(StandardSocketOptions.SO_SNDBUF, frameSize);
		}
		if (this.channel.getOption(StandardSocketOptions.SO_RCVBUF) <= frameSize) {
			this.channel.setOption(StandardSocketOptions.SO_RCVBUF, frameSize);
		}
	}

	/** Returns the size of the largest datagram that the kernel lets through. */
	int maxDatagramSize() throws IOException {
		return this.channel.getOption(StandardSocketOptions.SO_SNDBUF) - SEND_MARGIN;
	}

	AFUNIXDatagramSocket socket() {
		return this.socket;
	}

	AFUNIXDatagramChannel channel() {
		return this.channel;
	}

	@Override
	public void close() {
		IpcSetup.closeQuietly(this.channel);
		try {
			if (this.file != null) {
				Files.deleteIfExists(this.file);
			}
		}
		catch (IOException ex) {
			// Whoever binds the name next removes it.
		}
	}

}

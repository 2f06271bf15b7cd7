package dev.cpg.client.internal.ipc.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;

import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
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
public final class DataSocket implements Closeable {

	/** What the kernel sets aside of a send buffer, so that no datagram fills it. */
	private static final int SEND_MARGIN = 32;

	private final AFUNIXDatagramSocket socket;

	private final AFUNIXDatagramChannel channel;

	/** The socket's file, which nobody removes for it. */
	private @Nullable DaemonFile file;

	private DataSocket(AFUNIXDatagramSocket socket) {
		this.socket = socket;
		this.channel = socket.getChannel();
	}

	/**
	 * Opens one. It is connected before it has a name: whatever is sent to it between the
	 * two could be anybody's.
	 * @param directories makes the directories that the sockets' files are in
	 */
	public static DataSocket open(DatagramSockets sockets, ServiceAddress local, ServiceAddress remote, int frameSize,
			Function<Path, DaemonDirectory> directories) throws IOException {
		DataSocket data = new DataSocket(sockets.open());
		boolean opened = false;
		try {
			data.socket.connect(remote.toSocketAddress());
			data.bind(local, directories);
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

	private void bind(ServiceAddress address, Function<Path, DaemonDirectory> directories) throws IOException {
		Path path = address.file();
		if (path == null) {
			this.socket.bind(address.toSocketAddress());
			return;
		}
		DaemonDirectory directory = directories.apply(Objects.requireNonNull(path.getParent()));
		if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
			directory.find(path, DaemonFile.Kind.SOCKET).delete();
		}
		this.socket.bind(address.toSocketAddress());
		this.file = directory.find(path, DaemonFile.Kind.SOCKET);
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
		Platform.closeQuietly(this.channel);
		try {
			if (this.file != null) {
				this.file.delete();
			}
		}
		catch (IOException ex) {
			// Whoever binds the name next removes it.
		}
	}

}

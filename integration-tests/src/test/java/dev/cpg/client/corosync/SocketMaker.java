package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Path;

import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * The process of {@link NodeSockets}: it hands each client that connects a datagram
 * socket of its network namespace.
 */
final class SocketMaker {

	static final String READY = "ready";

	private SocketMaker() {
	}

	/**
	 * Runs until it is killed.
	 * @param args the path of its socket
	 */
	public static void main(String[] args) throws IOException {
		try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(Path.of(args[0])))) {
			System.out.println(READY);
			while (true) {
				try (AFUNIXSocket socket = server.accept();
						AFUNIXDatagramSocket made = AFUNIXDatagramSocket.newInstance()) {
					made.setShutdownOnClose(false);
					socket.setOutboundFileDescriptors(made.getFileDescriptor());
					socket.getOutputStream().write(1);
				}
			}
		}
	}

}

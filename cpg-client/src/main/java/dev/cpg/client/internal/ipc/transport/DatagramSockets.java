package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;

import org.newsclub.net.unix.AFUNIXDatagramSocket;

/**
 * Makes the sockets of a {@link SocketTransport}. A socket belongs to the network
 * namespace that it was made in, which must be the daemon's.
 */
public interface DatagramSockets {

	AFUNIXDatagramSocket open() throws IOException;

}

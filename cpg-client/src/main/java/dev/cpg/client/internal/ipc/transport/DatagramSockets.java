package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;

import org.newsclub.net.unix.AFUNIXDatagramSocket;

/**
 * Where the sockets of a {@link SocketTransport} come from: they belong to the network
 * namespace that they were made in, and must be in the daemon's.
 */
public interface DatagramSockets {

	AFUNIXDatagramSocket open() throws IOException;

}

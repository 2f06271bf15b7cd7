package org.newsclub.net.unix;

import java.io.FileDescriptor;
import java.io.IOException;

/**
 * What junixsocket keeps to itself: a socket of a received descriptor that closes it. One
 * of {@link FileDescriptorCast} never does.
 */
public final class ReceivedSockets {

	private ReceivedSockets() {
	}

	/**
	 * Makes a socket of a copy of a descriptor.
	 * @param received the descriptor, which ends with the socket that it came by
	 * @return the socket
	 */
	public static AFUNIXDatagramSocket datagramSocket(FileDescriptor received) throws IOException {
		return AFUNIXDatagramSocket.newInstance(NativeUnixSocket.duplicate(received, new FileDescriptor()), 0, 0);
	}

}

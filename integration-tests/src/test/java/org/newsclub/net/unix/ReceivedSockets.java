package org.newsclub.net.unix;

import java.io.FileDescriptor;
import java.io.IOException;

/**
 * Access to what junixsocket keeps private: a socket that closes the descriptor it was
 * received by. A socket of {@link FileDescriptorCast} never does.
 */
public final class ReceivedSockets {

	private ReceivedSockets() {
	}

	/**
	 * Makes a socket of a copy of a descriptor.
	 * @param received the descriptor, which is closed with the socket that it came
	 * through
	 * @return the socket
	 */
	public static AFUNIXDatagramSocket datagramSocket(FileDescriptor received) throws IOException {
		return AFUNIXDatagramSocket.newInstance(NativeUnixSocket.duplicate(received, new FileDescriptor()), 0, 0);
	}

}

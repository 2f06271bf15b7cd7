package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.SocketException;
import java.nio.file.Path;

import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.ServiceAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramSocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The names of the client's datagram sockets can be seen by all, and anybody may send to
 * one that is connected to nobody.
 */
class DataSocketTests {

	private static final int SIZE = 1000;

	@TempDir
	private Path directory;

	@Test
	void nobodyElseCanSendToItFromTheMomentThatItHasAName() throws IOException {
		try (AFUNIXDatagramSocket daemon = AFUNIXDatagramSocket.newInstance();
				AFUNIXDatagramSocket stranger = AFUNIXDatagramSocket.newInstance();
				AFUNIXDatagramSocket made = AFUNIXDatagramSocket.newInstance()) {
			daemon.bind(address("request").toSocketAddress());
			try (DataSocket socket = DataSocket.open(() -> made, address("response"), address("request"), SIZE,
					(path) -> directoryOf(made, path))) {
				assertThatExceptionOfType(SocketException.class)
					.isThrownBy(() -> stranger.connect(address("response").toSocketAddress()));
				daemon.connect(address("response").toSocketAddress());
				daemon.send(new DatagramPacket(new byte[SIZE], SIZE));
				DatagramPacket received = new DatagramPacket(new byte[SIZE], SIZE);
				socket.socket().receive(received);
				assertThat(received.getLength()).isEqualTo(SIZE);
			}
		}
	}

	/** It is asked for just before the socket is given its name. */
	private static DaemonDirectory directoryOf(AFUNIXDatagramSocket made, Path path) {
		assertThat(made.isConnected()).as("connected").isTrue();
		return new DaemonDirectory(path, (owner) -> true);
	}

	private ServiceAddress address(String name) {
		return new ServiceAddress(name, this.directory.resolve(name));
	}

}

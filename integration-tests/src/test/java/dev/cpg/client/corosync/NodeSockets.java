package dev.cpg.client.corosync;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.cpg.client.internal.ipc.transport.DatagramSockets;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.ReceivedSockets;

/**
 * Datagram sockets in a node's network namespace, for tests, which run outside of it. On
 * its socket transport the daemon uses abstract sockets, even where file sockets are
 * forced. So a process beside the daemon makes the sockets of this side and hands them
 * over.
 */
final class NodeSockets implements DatagramSockets {

	private static final Map<Path, NodeSockets> NODES = new ConcurrentHashMap<>();

	/** The node's directory as the process in it sees it. */
	private static final String INSIDE = "/var/lib/corosync/";

	private static final String SOCKET = "socket-maker";

	private static final String CLASSES = "socket-maker-classes";

	private static final String LIBRARY = "junixsocket";

	private final CorosyncNode node;

	private boolean started;

	private NodeSockets(CorosyncNode node) {
		this.node = node;
	}

	static NodeSockets of(CorosyncNode node) {
		return NODES.computeIfAbsent(node.directory(), (directory) -> new NodeSockets(node));
	}

	/**
	 * Prepares all nodes before a time limit runs, as that takes long on a busy machine.
	 */
	static CorosyncCluster startIn(CorosyncCluster cluster) {
		for (CorosyncNode node : cluster.nodes()) {
			try {
				of(node).start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return cluster;
	}

	@Override
	public AFUNIXDatagramSocket open() throws IOException {
		start();
		Path path = this.node.directory().resolve(SOCKET);
		try (AFUNIXSocket socket = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path))) {
			socket.ensureAncillaryReceiveBufferSize(128);
			if (socket.getInputStream().read() < 0) {
				throw new IOException("The process in the node's namespace has no socket");
			}
			return ReceivedSockets.datagramSocket(socket.getReceivedFileDescriptors()[0]);
		}
	}

	/** The process ends with the cluster. */
	private synchronized void start() throws IOException {
		if (this.started) {
			return;
		}
		Process process = this.node.exec(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				copyClasses(), SocketMaker.class.getName(), INSIDE + SOCKET);
		// A newer JDK warns of native code first.
		StringBuilder said = new StringBuilder();
		BufferedReader output = process.inputReader();
		for (String line = output.readLine(); !SocketMaker.READY.equals(line); line = output.readLine()) {
			if (line == null) {
				throw new IOException("The process in the node's namespace said: " + said);
			}
			said.append(line).append('\n');
		}
		this.started = true;
	}

	/** The directories of this process, such as /tmp, are not visible there. */
	private String copyClasses() throws IOException {
		Path classes = this.node.directory().resolve(CLASSES);
		String name = SocketMaker.class.getName().replace('.', '/') + ".class";
		Files.createDirectories(Objects.requireNonNull(classes.resolve(name).getParent()));
		try (InputStream source = SocketMaker.class.getClassLoader().getResourceAsStream(name)) {
			Files.copy(Objects.requireNonNull(source), classes.resolve(name), StandardCopyOption.REPLACE_EXISTING);
		}
		StringBuilder path = new StringBuilder(INSIDE + CLASSES);
		for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
			Path jar = Path.of(element);
			if (jar.getFileName().toString().startsWith(LIBRARY)) {
				Files.copy(jar, classes.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
				path.append(File.pathSeparator).append(INSIDE + CLASSES).append('/').append(jar.getFileName());
			}
		}
		return path.toString();
	}

}

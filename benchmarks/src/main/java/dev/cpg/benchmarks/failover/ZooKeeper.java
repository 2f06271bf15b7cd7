package dev.cpg.benchmarks.failover;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.apache.curator.test.TestingServer;

/**
 * A ZooKeeper server in a process of its own.
 */
public final class ZooKeeper implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private final String address;

	ZooKeeper() throws IOException {
		this.process = JavaProcess.start(List.of(ZooKeeper.class.getName()));
		this.output = this.process.inputReader(StandardCharsets.UTF_8);
		String line = this.output.readLine();
		if (line == null) {
			throw new IOException("ZooKeeper did not start");
		}
		this.address = line;
	}

	/**
	 * Runs it until the end of the input, and prints its address.
	 * @param args none
	 * @throws Exception if it does not start
	 */
	public static void main(String[] args) throws Exception {
		try (TestingServer server = new TestingServer(true)) {
			System.out.println(server.getConnectString());
			System.in.transferTo(System.out);
		}
		System.exit(0);
	}

	/** Where candidates connect. */
	String address() {
		return this.address;
	}

	@Override
	public void close() throws IOException {
		this.output.close();
		this.process.destroyForcibly();
	}

}

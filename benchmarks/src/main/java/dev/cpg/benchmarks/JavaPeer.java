package dev.cpg.benchmarks;

import java.nio.file.Path;
import java.time.Duration;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.corosync.CorosyncConnector;

/**
 * Our side of the benchmark, in a JVM of its own.
 */
public final class JavaPeer implements Commands.Member {

	static final String CONNECTION_NAME = "bench";

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final Path socketDirectory;

	private final int batchSize;

	private JavaPeer(Path socketDirectory, int batchSize) {
		this.socketDirectory = socketDirectory;
		this.batchSize = batchSize;
	}

	/**
	 * Runs until the end of the input.
	 * @param args the directory of the daemon's sockets, and the size of batches if there
	 * are to be any
	 * @throws Exception if anything fails; the benchmark is over then
	 */
	public static void main(String[] args) throws Exception {
		new Commands(new JavaPeer(Path.of(args[0]), (args.length > 1) ? Integer.parseInt(args[1]) : 0)).run();
	}

	@Override
	public Outlet join(String group, Tally tally) {
		CpgConnection connection = connector(CONNECTION_NAME).connect(tally);
		connection.join(CpgGroupName.of(group), LIMIT);
		return connection::multicast;
	}

	@Override
	public String connect(int count) {
		return Connects.measure(connector("connect"), count);
	}

	private CorosyncConnector connector(String name) {
		return CorosyncConnector.builder()
			.name(name)
			.socketDirectory(this.socketDirectory)
			.requestTimeout(LIMIT)
			.sendTimeout(LIMIT)
			.batchSize(Integer.getInteger("bench.batch", this.batchSize))
			.build();
	}

}

package dev.cpg.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Messages of one sender inside the JVM, delivered to a member on each of three nodes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // by the set-up
public class EmbeddedDeliveryBenchmark {

	private static final int NODES = 3;

	private static final int MESSAGES = 20_000;

	/** Bytes of the message. */
	@Param({ "64", "1000" })
	public int size;

	private EmbeddedCluster cluster;

	private final List<CpgConnection> members = new ArrayList<>();

	private byte[] message;

	private final AtomicInteger missing = new AtomicInteger();

	/** Starts a cluster with a member on each node. */
	@Setup
	public void start() {
		this.message = new byte[this.size];
		this.cluster = EmbeddedCluster.start(NODES);
		for (EmbeddedNode node : this.cluster.nodes()) {
			CpgConnection member = node.connector().connect(new Receiver());
			member.join(CpgGroupName.of("benchmark"), Duration.ofSeconds(10));
			this.members.add(member);
		}
	}

	/** Closes it. */
	@TearDown
	public void close() {
		this.cluster.close();
	}

	/** Sends, and returns when each member has all. */
	@Benchmark
	@OperationsPerInvocation(NODES * MESSAGES)
	public void deliveries() throws InterruptedException {
		this.missing.set(NODES);
		for (int i = 0; i < MESSAGES; i++) {
			this.members.get(0).multicast(this.message);
		}
		while (this.missing.get() > 0) {
			Thread.sleep(1);
		}
	}

	/** Counts what it receives. */
	private final class Receiver implements CpgListener {

		private int received;

		@Override
		public boolean keepsMessages() {
			return false;
		}

		@Override
		public void delivered(CpgMessage message) {
			if (++this.received == MESSAGES) {
				this.received = 0;
				EmbeddedDeliveryBenchmark.this.missing.decrementAndGet();
			}
		}

	}

}

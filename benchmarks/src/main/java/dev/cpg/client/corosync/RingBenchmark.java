package dev.cpg.client.corosync;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.ReceiveRing;
import dev.cpg.client.internal.ipc.memory.RequestRing;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The path of a multicast through a ring: written as by a sender, read as by a receiver.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by the set-up
public class RingBenchmark {

	private static final int WORDS = 1 << 19;

	/** Bytes of the message. */
	@Param({ "64", "1000", "65536" })
	public int size;

	private RingFile file;

	private RequestRing writer;

	private ReceiveRing reader;

	private byte[] message;

	private byte[] frame;

	private FrameReader.Handler handler;

	/** Makes the ring. */
	@Setup
	public void open() throws IOException {
		this.file = new RingFile(WORDS);
		this.writer = new RequestRing(this.file.ring());
		this.reader = new ReceiveRing(this.file.ring());
		this.message = new byte[this.size];
		this.frame = new byte[this.size + CpgRequests.MULTICAST_HEADER];
		this.handler = (frame) -> frame.getBytes(0, this.frame);
	}

	/** Removes the ring. */
	@TearDown
	public void close() throws IOException {
		this.file.close();
	}

	/** Returns the bytes that were read. */
	@Benchmark
	public byte[] writeAndRead() throws IOException {
		if (!this.writer.claim(CpgRequests.MULTICAST_HEADER + this.size)) {
			throw new IllegalStateException("The ring is full");
		}
		CpgRequests.writeMulticastHeader(this.writer, this.size);
		this.writer.putBytes(CpgRequests.MULTICAST_HEADER, this.message, 0, this.size);
		this.writer.commit();
		this.file.ring().addToSemaphore(1);
		this.reader.take(this.handler);
		return this.frame;
	}

}

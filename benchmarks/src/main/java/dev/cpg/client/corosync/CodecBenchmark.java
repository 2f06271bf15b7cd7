package dev.cpg.client.corosync;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The work on the bytes of each message beside the ring: an event is decoded, and this
 * member's messages are hashed, once when sent and once when they come back.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by the set-up
public class CodecBenchmark {

	private static final int DELIVER_HEADER = 184;

	private final ContentHash hash = new ContentHash();

	/** Bytes of the message. */
	@Param({ "64", "1000", "65536" })
	public int size;

	private byte[] message;

	private FrameReader deliver;

	private FrameReader configurationChange;

	/** Makes the frames. */
	@Setup
	public void create() throws IOException {
		this.message = new byte[this.size];
		ArrayFrame frame = new ArrayFrame(DELIVER_HEADER + this.size);
		frame.putInt(0, CpgEvents.DELIVER);
		frame.putInt(160, this.size);
		frame.putInt(168, 1);
		frame.putInt(176, 4711);
		this.deliver = frame;
		ArrayFrame change = new ArrayFrame(DELIVER_HEADER + 4 * 24);
		change.putInt(0, CpgEvents.CONFIGURATION_CHANGE);
		change.putInt(160, 3);
		change.putInt(168, 1);
		for (int i = 0; i < 4; i++) {
			change.putInt(DELIVER_HEADER + i * 24, i % 3 + 1);
			change.putInt(DELIVER_HEADER + i * 24 + 16, 1);
		}
		this.configurationChange = change;
	}

	/** Decodes a delivery. */
	@Benchmark
	public Object decodeDelivery() {
		CpgEvents.requireDelivery(this.deliver);
		long sender = CpgEvents.senderNodeId(this.deliver) << 32 | CpgEvents.senderPid(this.deliver);
		byte[] payload = new byte[(int) CpgEvents.messageLength(this.deliver)];
		this.deliver.getBytes(CpgEvents.MESSAGE, payload);
		payload[0] = (byte) sender;
		return payload;
	}

	/** Decodes a configuration change of three members, one of which joined. */
	@Benchmark
	public Object decodeConfigurationChange() {
		return CpgEvents.readConfigurationChange(this.configurationChange);
	}

	/** Hashes a message. */
	@Benchmark
	public long hash() {
		return this.hash.of(this.message);
	}

}

package dev.cpg.client.internal.cpg.send;

import java.nio.ByteBuffer;
import java.time.Duration;

import dev.cpg.client.corosync.FakePeer;
import dev.cpg.client.corosync.Fuzzing;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a message costs the heap until it has come back, in a batch and by itself.
 */
class BatchAllocationTests {

	private static final int MESSAGES = 100_000;

	private static final int LENGTH = 64;

	private static final Duration LIMIT = Duration.ofMinutes(5);

	@Test
	void aMessageInABatchAllocatesNoMoreThanOneByItself() {
		BatchHarness single = new BatchHarness(BatchHarness.SIZE, false);
		BatchHarness batching = new BatchHarness(1 << 15, true).beginEpoch();
		batching.fillWindow();
		double alone = bytesForEachMessage(single);
		double batched = bytesForEachMessage(batching);
		assertThat(batching.waiting.sentMessages()).isGreaterThan(MESSAGES);
		assertThat(batched).as("bytes for a message in a batch; alone it is %.1f", alone)
			// The batch has a reference to each.
			.isBetween(alone / 2, alone + 16);
	}

	private static double bytesForEachMessage(BatchHarness member) {
		TestFrame frame = new TestFrame(FakePeer.GRANTED);
		byte[] bytes = new byte[FakePeer.GRANTED];
		byte[] message = new byte[LENGTH];
		member.transport.reuse(frame);
		send(member, message, frame, bytes, 0);
		long before = Fuzzing.allocated();
		send(member, message, frame, bytes, MESSAGES);
		return (double) (Fuzzing.allocated() - before) / MESSAGES;
	}

	private static void send(BatchHarness member, byte[] message, TestFrame frame, byte[] bytes, long first) {
		int sent = member.transport.commits();
		for (long number = first; number < first + MESSAGES; number++) {
			ByteBuffer.wrap(message).putLong(number);
			member.multicaster.multicast(message, LIMIT);
			if (member.transport.commits() > sent) {
				member.comesBackLater(frame, bytes);
				sent = member.transport.commits();
			}
		}
	}

}

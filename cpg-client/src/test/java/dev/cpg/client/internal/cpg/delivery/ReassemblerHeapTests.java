package dev.cpg.client.internal.cpg.delivery;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Senders that never finish their messages, in a JVM whose heap is smaller than what they
 * send. The frames are made here: the fault needs none of the daemon's behaviour.
 */
@Timeout(120)
class ReassemblerHeapTests {

	@Test
	void unfinishedMessagesOfManyMembersDoNotFillASmallHeap() throws Exception {
		Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-cp", System.getProperty("java.class.path"), Flood.class.getName())
			.redirectErrorStream(true)
			.start();
		String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(output).contains(Flood.RESULT);
		assertThat(jvm.exitValue()).as(output).isZero();
	}

	/** What the forked JVM runs. */
	static final class Flood {

		static final String RESULT = "A whole message of 16777216 bytes";

		private static final int FRAGMENT = 1 << 20;

		private static final int FRAGMENTS = 16;

		private static final int SENDERS = 20;

		private static final FrameReader FRAME = new TestFrame(CpgEvents.FRAGMENT + FRAGMENT);

		private final Reassembler reassembly = new Reassembler(new CpgAddress(1, 1), FRAGMENTS * FRAGMENT,
				Reassembler.defaultCapacity(16 << 20), new DroppedMessages(() -> null, CorosyncSetting::toString));

		private Flood() {
		}

		public static void main(String[] args) {
			Flood flood = new Flood();
			byte @Nullable [] whole = null;
			for (int i = 0; i < FRAGMENTS; i++) {
				int type = (i == 0) ? FragmentType.FIRST : FragmentType.MIDDLE;
				for (int sender = 1; sender <= SENDERS; sender++) {
					flood.add(sender, type);
				}
			}
			for (int i = 0; i < FRAGMENTS; i++) {
				int type = (i == 0) ? FragmentType.FIRST
						: (i == FRAGMENTS - 1) ? FragmentType.LAST : FragmentType.MIDDLE;
				whole = flood.add(SENDERS + 1, type);
			}
			System.out.println("A whole message of " + ((whole != null) ? whole.length : 0) + " bytes");
		}

		private byte @Nullable [] add(int sender, int type) {
			return this.reassembly.add(new CpgAddress(2, sender),
					new CpgEvents.Fragment(2, sender, type, FRAGMENTS * FRAGMENT, FRAGMENT), FRAME);
		}

	}

}

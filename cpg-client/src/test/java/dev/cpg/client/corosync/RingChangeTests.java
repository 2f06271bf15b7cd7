package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.cpg.delivery.Frames;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The daemon reports a ring after the changes that it caused, sometimes a moment later,
 * and after a silence of any length. The two are paired by the ring's id before a
 * listener is notified.
 */
@Timeout(30)
class RingChangeTests {

	/** Longer than a change is held for its ring. */
	private static final long SILENCE_MILLIS = 1200;

	/** Enough for a change to be read before its ring comes. */
	private static final long MOMENT_MILLIS = 200;

	private static final CpgAddress MEMBER = new CpgAddress(FakeDaemon.NODE_ID, 4711);

	private static final CpgAddress OTHER = new CpgAddress(2, 42);

	@TempDir
	private Path directory;

	@Test
	void aChangeThatComesOfARingChangeCarriesTheNewRingAfterASilence() throws Exception {
		RingId newRing = new RingId(1, 0x34);
		try (FakeDaemon daemon = new FakeDaemon(this.directory); FakeClient client = FakeClient.join(daemon)) {
			FakePeer peer = daemon.peer();
			peer.event(Frames.configurationChange(FakeClient.GROUP, List.of(MEMBER, OTHER), List.of(),
					List.of(new CpgMember(OTHER, CpgReason.JOIN))));
			Thread.sleep(SILENCE_MILLIS);
			peer.event(Frames.configurationChange(FakeClient.GROUP, List.of(MEMBER),
					List.of(new CpgMember(OTHER, CpgReason.NODEDOWN)), List.of()));
			Thread.sleep(MOMENT_MILLIS);
			peer.event(Frames.totemConfiguration(newRing, (int) FakeDaemon.NODE_ID));
			awaitClosed(client, 5);
			assertThat(client.events.get(3)).isInstanceOfSatisfying(CpgConfigurationChange.class,
					(change) -> assertThat(change.view()).isEqualTo(new CpgView(newRing, List.of(MEMBER))));
		}
	}

	@Test
	void theOwnJoinCarriesTheRingThoughTheConnectionWasIdleBefore() throws Exception {
		try (FakeDaemon daemon = new FakeDaemon(this.directory)) {
			daemon.on(CpgRequests.JOIN, RingChangeTests::joinSlowly);
			try (FakeClient client = FakeClient.connect(daemon)) {
				Thread.sleep(SILENCE_MILLIS);
				client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
				assertThat(client.connection().view()).isEqualTo(new CpgView(FakeDaemon.RING, List.of(MEMBER)));
				awaitClosed(client, 2);
				assertThat(client.events.get(1)).isInstanceOf(CpgTotemConfiguration.class);
			}
		}
	}

	@Test
	void whoCameWithANodeIsFoundThoughTheDaemonTakesNoRequestsForLong() throws Exception {
		CpgAddress come = new CpgAddress(3, 43);
		try (FakeDaemon daemon = new FakeDaemon(this.directory).counting(List.of(come));
				FakeClient client = FakeClient.connect(daemon,
						(builder) -> builder.requestTimeout(Duration.ofMillis(SILENCE_MILLIS / 2)))) {
			client.connection().join(FakeClient.GROUP, FakeClient.LIMIT);
			daemon.on(CpgRequests.ITERATION_END, (request, peer) -> {
				sleep(SILENCE_MILLIS);
				peer.respond(Frames.iterationEnd());
			});
			RingId newRing = new RingId(1, 0x34);
			daemon.peer().event(Frames.totemConfiguration(newRing, (int) FakeDaemon.NODE_ID, 3));
			awaitClosed(client, 4);
			assertThat(client.events.get(3)).isInstanceOfSatisfying(CpgConfigurationChange.class, (change) -> {
				assertThat(change.joined()).containsExactly(new CpgMember(come, CpgReason.NODEUP));
				assertThat(change.view()).isEqualTo(new CpgView(newRing, List.of(MEMBER, come)));
			});
		}
	}

	private static void sleep(long millis) throws IOException {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	private static void joinSlowly(TestFrame request, FakePeer peer) throws IOException {
		peer.joined(FakePeer.groupOf(request), MEMBER);
		peer.respond(Frames.response(CpgRequests.JOIN, CsError.OK, 24));
		peer.event(Frames.configurationChange(FakeClient.GROUP, List.of(MEMBER), List.of(),
				List.of(new CpgMember(MEMBER, CpgReason.JOIN))));
		sleep(MOMENT_MILLIS);
		peer.event(Frames.totemConfiguration(FakeDaemon.RING, (int) FakeDaemon.NODE_ID));
	}

	private static void awaitClosed(FakeClient client, int events) {
		Awaitility.await().atMost(FakeClient.LIMIT).until(() -> client.events.size() >= events);
	}

}

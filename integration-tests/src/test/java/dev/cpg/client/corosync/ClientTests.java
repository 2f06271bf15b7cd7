package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What else libcpg does, and what it does not do: iteration, flow control, names, leaving
 * and joining again, slow listeners.
 */
@CorosyncTest(nodes = 1)
@Timeout(180)
class ClientTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	ClientTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void underTheLeavePolicyASlowListenerCostsTheMembershipAndNotTheDaemonsMemory() throws Exception {
		CompletableFuture<Void> goOn = new CompletableFuture<>();
		try (Member flooding = Member.join(this.cluster.node(1), this.group);
				Member slow = Member.connect(this.cluster.node(1),
						(builder) -> builder.overflow(CpgOverflow.LEAVE).deliveryQueueCapacity(1_000_000))) {
			slow.connection().join(this.group, Member.LIMIT);
			flooding.awaitMembers(flooding, slow);
			slow.onMessage = goOn::join;
			flood(flooding, 5_000);
			long before = residentKilobytes();
			flooding.awaitChange(slow.address(), CpgReason.LEAVE);
			flood(flooding, 40_000);
			assertThat(residentKilobytes() - before).as("growth of corosync in kB").isLessThan(20_000);
			assertThat(slow.closed).as("notified of the end before the messages").isNotDone();
			goOn.complete(null);
			CorosyncException cause = Objects.requireNonNull(slow.awaitClosed());
			assertThat(cause).hasMessageContaining("too slow");
			assertThat(cause.error()).isEqualTo(CsError.QUEUE_FULL);
			assertThat(slow.messages().size()).isBetween(500, 2_000);
		}
		finally {
			goOn.complete(null);
		}
	}

	/**
	 * The listener waits for the outcome of the very message that there is no room for.
	 */
	@Test
	void underTheBlockPolicyAListenerGetsTheOutcomeOfTheMessageThatFillsTheQueue() throws Exception {
		CompletableFuture<CpgView> outcome = new CompletableFuture<>();
		try (Member slow = Member.connect(this.cluster.node(1),
				(builder) -> builder.deliveryQueueCapacity(10_000).sendTimeout(Member.LIMIT.multipliedBy(2)))) {
			slow.connection().join(this.group, Member.LIMIT);
			slow.onMessage = () -> {
				slow.onMessage = () -> {
				};
				flood(slow, 8);
				Awaitility.await().until(() -> slow.connection().statistics().queuedBytes() > 8_000);
				outcome.complete(slow.connection().multicast(new byte[5_000]).orTimeout(10, TimeUnit.SECONDS).join());
			};
			slow.send("first");
			assertThat(outcome.get(20, TimeUnit.SECONDS).members()).containsExactly(slow.address());
			Awaitility.await().atMost(Member.LIMIT).until(() -> slow.messages().size() == 10);
		}
	}

	@Test
	void aListenerCannotJoinWhileItIsNotifiedOfItsLeave() throws Exception {
		CompletableFuture<CorosyncException> refused = new CompletableFuture<>();
		try (Member other = Member.join(this.cluster.node(1), this.group);
				Member member = Member.join(this.cluster.node(1), this.group)) {
			member.onChange = () -> {
				if (member.connection().view().members().isEmpty()) {
					try {
						member.connection().join(this.group, Member.LIMIT);
					}
					catch (CorosyncException ex) {
						refused.complete(ex);
					}
				}
			};
			member.connection().leave(Member.LIMIT);
			assertThat(refused.get(10, TimeUnit.SECONDS).error()).isEqualTo(CsError.BAD_OPERATION);
			member.connection().join(this.group, Member.LIMIT);
			other.awaitMembers(other, member);
		}
	}

	@Test
	void aListenerThatJoinsWhileAnotherThreadDoesIsRefusedAtOnce() throws Exception {
		CompletableFuture<CorosyncException> refused = new CompletableFuture<>();
		CompletableFuture<Void> joined = new CompletableFuture<>();
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			member.onChange = () -> {
				if (member.connection().view().members().isEmpty() && !refused.isDone()) {
					joined.completeAsync(() -> {
						member.connection().join(this.group, Member.LIMIT);
						return null;
					});
					try {
						// Until the other waits for this call to return.
						Thread.sleep(300);
						member.connection().join(this.group, Member.LIMIT);
					}
					catch (CorosyncException | InterruptedException ex) {
						refused.complete((CorosyncException) ex);
					}
				}
			};
			member.connection().leave(Member.LIMIT);
			assertThat(refused.get(5, TimeUnit.SECONDS).error()).isEqualTo(CsError.BAD_OPERATION);
			joined.get(5, TimeUnit.SECONDS);
		}
	}

	@Test
	void aLeaveDoesNotWaitForAListenerThatIsBusy() {
		CompletableFuture<Void> goOn = new CompletableFuture<>();
		try (Member other = Member.join(this.cluster.node(1), this.group);
				Member busy = Member.join(this.cluster.node(1), this.group)) {
			other.awaitMembers(other, busy);
			busy.onMessage = goOn::join;
			assertThat(other.connection().multicast(new byte[1])).succeedsWithin(Member.LIMIT);
			Awaitility.await().atMost(Member.LIMIT).until(() -> busy.connection().statistics().lag().toMillis() > 10);
			busy.connection().leave(Duration.ofSeconds(5));
			other.awaitMembers(other);
		}
		finally {
			goOn.complete(null);
		}
	}

	private static void flood(Member member, int messages) {
		CompletableFuture<CpgView> last = CompletableFuture.completedFuture(CpgView.NONE);
		for (int i = 0; i < messages; i++) {
			last = member.connection().multicast(new byte[1000]);
			if (i % 500 == 0) {
				// The backlog of the sender itself does not matter here.
				last.join();
			}
		}
		last.join();
	}

	private long residentKilobytes() throws IOException {
		Path status = Path.of("/proc", this.cluster.node(1).pid().orElseThrow().toString(), "status");
		return Files.readAllLines(status)
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.sum();
	}

}

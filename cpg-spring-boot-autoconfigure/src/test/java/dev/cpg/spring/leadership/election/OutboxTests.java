package dev.cpg.spring.leadership.election;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The election's lock, which is taken for messages that arrive, holds up nothing else.
 */
@Timeout(30)
class OutboxTests {

	private final LeaderElection election = new LeaderElection("grp",
			new LeaderElectionSettings(List.of(), null, null, null, Duration.ZERO, true, false, Map.of()),
			new TokenMemory(null, List::of), List::of);

	private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

	private volatile boolean takesAtOnce;

	private volatile boolean fails;

	/** An engine that takes a message at once, when somebody waits for it, or never. */
	private final CpgConnection connection = (CpgConnection) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { CpgConnection.class }, (proxy, method, arguments) -> {
				if (method.getName().equals("tryMulticast") && !this.takesAtOnce) {
					return null;
				}
				if (this.fails) {
					throw new CorosyncException(CsError.TRY_AGAIN, "full on purpose");
				}
				this.sent.add(new String((byte[]) arguments[0], StandardCharsets.UTF_8));
				return new CompletableFuture<>();
			});

	private final Outbox outbox = new Outbox(this.election, this.connection, () -> this.failures.add("failed"));

	@Test
	void whatWaitsForRoomIsSentInOrderAndDoesNotWaitForTheLock() {
		this.election.locked(() -> {
			for (int i = 0; i < 100; i++) {
				this.takesAtOnce = i > 50;
				this.outbox.send(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
			}
			for (int i = 0; i < 100; i++) {
				assertThat(next()).isEqualTo(Integer.toString(i));
			}
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatTheEngineRefusesIsReportedAndWhatFollowsIsSent(boolean atOnce) throws InterruptedException {
		this.takesAtOnce = atOnce;
		this.fails = true;
		this.election.locked(() -> this.outbox.send("refused".getBytes(StandardCharsets.UTF_8)));
		assertThat(this.failures.poll(10, TimeUnit.SECONDS)).isEqualTo("failed");
		this.fails = false;
		this.election.locked(() -> this.outbox.send("taken".getBytes(StandardCharsets.UTF_8)));
		assertThat(next()).isEqualTo("taken");
		assertThat(this.failures).isEmpty();
	}

	private String next() {
		try {
			return String.valueOf(this.sent.poll(10, TimeUnit.SECONDS));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aMessageOfTheApplicationDoesNotWaitForTheLock() {
		CpgMessage message = new CpgMessage(CpgGroupName.of("grp"), CpgView.NONE, new CpgAddress(1, 1), false,
				"payload".getBytes(StandardCharsets.UTF_8));
		this.election.locked(() -> {
			assertThat(CompletableFuture.supplyAsync(() -> this.election.consume(message)))
				.succeedsWithin(Duration.ofSeconds(10))
				.isEqualTo(false);
		});
	}

}

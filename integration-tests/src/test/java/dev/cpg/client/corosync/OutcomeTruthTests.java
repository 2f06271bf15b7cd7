package dev.cpg.client.corosync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Outcomes of sends, compared with what other members received, while corosync drops
 * messages and the ring changes. Many messages are equal.
 */
@CorosyncTest(nodes = 2)
@Timeout(180)
class OutcomeTruthTests {

	private static final String LAST = "the last one";

	/** The start of those messages that are sent only once. */
	private static final String UNIQUE = "order ";

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	private final Random random = new Random(5);

	OutcomeTruthTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@AfterEach
	void restore() {
		this.cluster.restore();
	}

	/**
	 * Several connections fill the daemon's queue with large messages, so that it may
	 * drop those that do not fit any more. Whether it drops any depends on when it looks
	 * at which connection. The next test has messages that are lost for certain.
	 */
	@Test
	void whatTheDaemonDropsIsLostOrUnknownAndWhatItDeliversIsNeverLost() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		List<Thread> floods = new ArrayList<>();
		try (Member sender = Member.join(this.cluster.node(1), this.group);
				Member here = Member.join(this.cluster.node(1), this.group);
				Member there = Member.join(this.cluster.node(2), this.group)) {
			for (int i = 0; i < 3; i++) {
				Thread flood = new Thread(() -> flood(over));
				flood.start();
				floods.add(flood);
			}
			Story story = new Story(sender);
			int large = sender.connection().limits().maxAtomicMessageSize();
			while (story.sent.size() < 400) {
				int content = this.random.nextInt(5);
				story.send("ABCDE".substring(content, content + 1).repeat((content < 3) ? large : 8));
			}
			over.set(true);
			for (Thread flood : floods) {
				flood.join();
			}
			SendTally tally = story.end();
			story.assertTrue(tally, here, true);
			story.assertTrue(tally, there, false);
		}
		finally {
			over.set(true);
		}
	}

	/** In another group, as nobody needs its messages. */
	private void flood(AtomicBoolean over) {
		try (Member member = Member.join(this.cluster.node(1), Member.newGroup())) {
			member.remembersMessages = false;
			byte[] message = new byte[member.connection().limits().maxAtomicMessageSize()];
			for (int i = 0; !over.get(); i++) {
				message[0] = (byte) i;
				message[1] = (byte) (i >> 8);
				member.connection().multicast(message);
			}
		}
		catch (CorosyncException ex) {
			// Which of its messages arrive does not matter.
		}
	}

	@Test
	void noMessageThatArrivedIsLostAndNoneThatWasDroppedIsDelivered() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group);
				Member here = Member.join(this.cluster.node(1), this.group);
				Member there = Member.join(this.cluster.node(2), this.group)) {
			Story story = new Story(sender);
			for (int i = 0; i < 100; i++) {
				story.sendSome(this.random.nextInt(10));
				story.dropSome(1 + this.random.nextInt(3));
			}
			SendTally tally = story.end();
			story.assertTrue(tally, here, true);
			story.assertTrue(tally, there, true);
			assertThat(Story.got(here, sender.address())).isEqualTo(story.kept());
			assertThat(Story.got(there, sender.address())).isEqualTo(story.kept());
			for (int i = 0; i < story.sent.size(); i++) {
				String text = story.sent.get(i);
				Set<@Nullable Outcome> allowed = new HashSet<>();
				allowed.add(story.dropped.get(i) ? Outcome.LOST : null);
				if (!text.startsWith(UNIQUE)) {
					allowed.add(Outcome.UNKNOWN);
				}
				assertThat(tally.outcomes().get(i)).as("%d: %s", i, text).isIn(allowed);
			}
		}
	}

	@Test
	void outcomesStayTrueWhileTheRingFormsAgain() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group);
				Member here = Member.join(this.cluster.node(1), this.group);
				Member there = Member.join(this.cluster.node(2), this.group)) {
			Story story = new Story(sender);
			for (int cut = 0; cut < 2; cut++) {
				sender.awaitMembers(sender, here, there);
				story.sendSome(100);
				this.cluster.node(2).cut();
				story.sendSome(100);
				sender.awaitMembers(sender, here);
				story.sendSome(100);
				this.cluster.node(2).heal();
				story.sendSome(100);
			}
			sender.awaitMembers(sender, here, there);
			SendTally tally = story.end();
			story.assertTrue(tally, here, true);
			story.assertTrue(tally, there, false);
			assertThat(tally.delivered()).isPositive();
		}
	}

	@Test
	void outcomesStayTrueWhileTheDaemonIsStoppedOverTheirLimit() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group);
				Member here = Member.join(this.cluster.node(1), this.group)) {
			Story story = new Story(sender);
			for (int pause = 0; pause < 3; pause++) {
				story.sendSome(50);
				this.cluster.node(1).pause();
				story.limit = Duration.ofMillis(100);
				story.sendSome(20);
				CompletableFuture<CpgView> givenUp = story.sends.get(story.sends.size() - 1);
				Awaitility.await().atMost(Member.LIMIT).until(givenUp::isDone);
				story.limit = Member.LIMIT;
				story.sendSome(20);
				this.cluster.node(1).resume();
			}
			SendTally tally = story.end();
			story.assertTrue(tally, here, true);
			assertThat(tally.lost()).isZero();
		}
	}

	/** What one member sends. */
	private final class Story {

		private final List<String> sent = new ArrayList<>();

		private final List<CompletableFuture<CpgView>> sends = new ArrayList<>();

		/** The indexes of the messages that the daemon is made to drop. */
		private final BitSet dropped = new BitSet();

		private final Member sender;

		private Duration limit = Member.LIMIT;

		Story(Member sender) {
			this.sender = sender;
		}

		void send(String text) {
			this.sends.add(this.sender.connection().multicast(text.getBytes(StandardCharsets.ISO_8859_1), this.limit));
			this.sent.add(brief(text));
		}

		void sendSome(int count) {
			for (int i = 0; i < count; i++) {
				send(newText());
			}
		}

		/** Sends some messages that the daemon drops. */
		void dropSome(int count) {
			for (int i = 0; i < count; i++) {
				String text = newText();
				this.dropped.set(this.sent.size());
				this.sends.add(DroppedSend.of(this.sender.connection(), text));
				this.sent.add(text);
			}
		}

		private String newText() {
			int content = OutcomeTruthTests.this.random.nextInt(4);
			return (content == 3) ? UNIQUE + this.sent.size() : "tick " + content;
		}

		/** Returns those that the daemon does not drop. */
		List<String> kept() {
			return IntStream.range(0, this.sent.size())
				.filter((i) -> !this.dropped.get(i))
				.mapToObj(this.sent::get)
				.toList();
		}

		/** Sends a last message, so that others know when they have received all. */
		SendTally end() {
			send(LAST);
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> this.sends.stream().allMatch(CompletableFuture::isDone));
			return SendTally.of(this.sends);
		}

		void assertTrue(SendTally tally, Member observer, boolean gotAll) {
			CpgAddress address = this.sender.address();
			Awaitility.await().atMost(Member.LIMIT).until(() -> got(observer, address).contains(LAST));
			List<String> got = got(observer, address);
			assertThat(tally.allows(this.sent, got, gotAll)).as("%s of %s, of which %s arrived", tally, this.sent, got)
				.isTrue();
		}

		private static List<String> got(Member observer, CpgAddress sender) {
			return observer.events(CpgMessage.class)
				.stream()
				.filter((message) -> message.sender().equals(sender))
				.map((message) -> brief(new String(message.payload(), StandardCharsets.ISO_8859_1)))
				.toList();
		}

		private static String brief(String text) {
			return text.substring(0, Math.min(12, text.length()));
		}

	}

}

package dev.cpg.behaviour;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.TestCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an interceptor sees, while the listener of the same connection is busy or not, and
 * what becomes of what it consumes and posts.
 */
abstract class InterceptorBehaviour extends Behaviour {

	private final CompletableFuture<@Nullable Void> goOn = new CompletableFuture<>();

	private final Interceptor interceptor = new Interceptor();

	InterceptorBehaviour(TestCluster cluster) {
		super(cluster);
	}

	private Member intercepted() {
		Member member = add(new Member(this.cluster.node(2).connector(21), this.interceptor));
		this.interceptor.member = member;
		return member;
	}

	@Test
	void anInterceptorSeesWhatArrivesWhileTheListenerIsBusy() {
		Member other = join(1);
		Member busy = intercepted().join(this.group);
		other.awaitMembers(other, busy);
		busy.onMessage = (text) -> this.goOn.join();
		other.send("first");
		busy.awaitMessages(1);
		assertThat(busy.connection().isCurrent(2)).isTrue();
		other.send("second");
		other.leave();
		other.join(this.group);
		this.interceptor.await("+2/21", "ring", "first", "second", "-1/11", "+1/11");
		assertThat(busy.connection().isCurrent(2)).as("of two changes that wait").isFalse();
		assertThat(busy.connection().isCurrent(4)).isTrue();
		assertThat(busy.messages()).containsExactly("first");
		this.goOn.complete(null);
		busy.awaitStory("+ 2/21 JOIN: 1/11 2/21", "ring 1 2 3", "\"first\"", "\"second\"", "- 1/11 LEAVE: 2/21",
				"+ 1/11 JOIN: 1/11 2/21");
	}

	@Test
	void aConsumedMessageHasAnOutcomeAndWhatIsPostedForItIsRunInItsPlace() throws Exception {
		Member member = intercepted().join(this.group);
		List<CompletableFuture<CpgView>> sends = List.of(member.send("a"), member.send("consumed 1"), member.send("b"),
				member.send("consumed 2"), member.send("c"));
		for (CompletableFuture<CpgView> send : sends) {
			assertThat(delivered(send).members()).containsExactly(member.address());
		}
		member.awaitStory("+ 2/21 JOIN: 2/21", "ring 1 2 3", "\"a\"", "posted for consumed 1", "\"b\"",
				"posted for consumed 2", "\"c\"");
		member.connection().post(() -> member.note("posted by another thread"));
		member.awaitLine("posted by another thread");
	}

	@Test
	void anInterceptorSendsAndItsMessageCountsAsThisMembers() {
		Member other = join(1);
		Member member = intercepted();
		this.interceptor.answersRings = true;
		member.join(this.group);
		other.awaitMessages(1);
		assertThat(other.messages()).containsExactly("answer");
		assertThat(other.deliveries().get(0).sender()).isEqualTo(member.address());
	}

	@Test
	void theEndIsSeenBeforeTheListenerAndTheSendersAreNotified() {
		Member member = intercepted().join(this.group);
		this.interceptor.postsAtTheEnd = true;
		this.cluster.node(2).kill();
		member.awaitLine("closed " + CsError.LIBRARY);
		assertThat(member.story()).endsWith("posted at the end", "closed " + CsError.LIBRARY);
		assertThat(member.connection().isCurrent(2)).isFalse();
		member.connection().post(() -> member.note("too late"));
		assertThat(member.story()).doesNotContain("too late");
	}

	@Test
	void nothingIsPostedToAConnectionWithoutAnInterceptor() {
		Member member = join(1);
		assertError(CsError.BAD_OPERATION, () -> member.connection().post(() -> {
		}));
	}

	/** Keeps what it sees, and consumes messages that ask for it. */
	private static final class Interceptor implements CpgInterceptor {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private volatile boolean answersRings;

		private volatile boolean postsAtTheEnd;

		private volatile @Nullable Member member;

		void await(String... events) {
			Member.await("the interceptor to see all").until(() -> this.seen, List.of(events)::equals);
		}

		private void post(String line) {
			Member present = this.member;
			if (present != null) {
				present.connection().post(() -> present.note(line));
			}
		}

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			change.left().forEach((left) -> this.seen.add("-" + left.address()));
			change.joined().forEach((joined) -> this.seen.add("+" + joined.address()));
		}

		@Override
		public boolean consume(CpgMessage message) {
			String text = StandardCharsets.UTF_8.decode(message.buffer()).toString();
			this.seen.add(text);
			if (text.startsWith("consumed")) {
				post("posted for " + text);
				return true;
			}
			return false;
		}

		@Override
		public void totemChanged(CpgTotemConfiguration configuration) {
			this.seen.add("ring");
			Member present = this.member;
			if (this.answersRings && present != null) {
				CpgConnection connection = present.connection();
				assertThat(connection.tryMulticast("answer".getBytes(StandardCharsets.UTF_8))).isNotNull();
			}
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			this.seen.add("closed");
			if (this.postsAtTheEnd) {
				post("posted at the end");
			}
		}

	}

}

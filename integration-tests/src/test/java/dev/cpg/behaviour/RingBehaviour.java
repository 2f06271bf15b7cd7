package dev.cpg.behaviour;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What members see when nodes fail, when the network is cut and when it is whole again.
 */
abstract class RingBehaviour extends Behaviour {

	RingBehaviour(TestCluster cluster) {
		super(cluster);
	}

	@Test
	void bothSidesOfACutGoOnAndComeTogetherInOneChangeForEachGroup() throws Exception {
		CpgGroupName secondGroup = newGroup();
		List<Member> all = joinAll();
		Member one = all.get(0);
		Member two = all.get(1);
		Member three = all.get(2);
		Member another = join(3, 32);
		Member second = connect(1).join(secondGroup);
		Member ofThree = connect(3).join(secondGroup);
		all.forEach((member) -> member.awaitMembers(one, two, three, another));
		second.awaitMembers(second, ofThree);
		RingId whole = one.ring().ring();
		all.forEach(Member::forget);
		another.forget();
		second.forget();

		this.cluster.partition(Set.of(1, 2), Set.of(3));
		one.awaitStory("- 3/31 NODEDOWN 3/32 NODEDOWN: 1/11 2/21", "ring 1 2");
		two.awaitStory("- 3/31 NODEDOWN 3/32 NODEDOWN: 1/11 2/21", "ring 1 2");
		three.awaitStory("- 1/11 NODEDOWN 2/21 NODEDOWN: 3/31 3/32", "ring 3");
		another.awaitStory("- 1/11 NODEDOWN 2/21 NODEDOWN: 3/31 3/32", "ring 3");
		second.awaitStory("- 3/31 NODEDOWN: 1/11", "ring 1 2");
		RingId majority = one.ring().ring();
		RingId minority = three.ring().ring();
		assertThat(two.ring().ring()).isEqualTo(majority);
		assertThat(majority.nodeId()).isEqualTo(1);
		assertThat(minority.nodeId()).isEqualTo(3);
		assertThat(majority.sequence()).isEqualTo(minority.sequence()).isGreaterThan(whole.sequence());
		assertThat(one.changes().get(0).view()).isEqualTo(new CpgView(majority, List.of(one.address(), two.address())));

		assertThat(delivered(one.send("majority"))).isEqualTo(one.connection().view());
		assertThat(delivered(three.send("minority"))).isEqualTo(three.connection().view());
		Member late = join(3, 33);
		three.awaitStory("- 1/11 NODEDOWN 2/21 NODEDOWN: 3/31 3/32", "ring 3", "\"minority\"",
				"+ 3/33 JOIN: 3/31 3/32 3/33");
		two.awaitStory("- 3/31 NODEDOWN 3/32 NODEDOWN: 1/11 2/21", "ring 1 2", "\"majority\"");
		all.forEach(Member::forget);
		second.forget();

		this.cluster.heal();
		one.awaitStory("+ 3/31 NODEUP 3/32 NODEUP 3/33 NODEUP: 1/11 2/21 3/31 3/32 3/33", "ring 1 2 3");
		three.awaitStory("+ 1/11 NODEUP 2/21 NODEUP: 1/11 2/21 3/31 3/32 3/33", "ring 1 2 3");
		second.awaitStory("+ 3/31 NODEUP: 1/11 3/31", "ring 1 2 3");
		assertThat(three.ring().ring()).isEqualTo(one.ring().ring());
		assertThat(one.ring().ring().nodeId()).isEqualTo(1);
		assertThat(one.ring().ring().sequence()).isGreaterThan(majority.sequence());
		assertThat(late.connection().view()).isEqualTo(one.connection().view());
		delivered(three.send("together"));
		two.awaitLine("\"together\"");
		assertThat(two.messages()).containsExactly("together");
	}

	@Test
	void eachNodeMayBeAloneAndAllComeTogether() {
		List<Member> all = joinAll();
		all.forEach(Member::forget);
		this.cluster.partition(Set.of(1), Set.of(2), Set.of(3));
		all.forEach((member) -> member.awaitMembers(member));
		this.cluster.heal();
		all.forEach((member) -> member.awaitMembers(all.toArray(Member[]::new)));
		all.forEach((member) -> Member.await("the ring of all")
			.until(() -> member.ring().nodeIds(), List.of(1L, 2L, 3L)::equals));
	}

	@Test
	void aNodeThatOthersDoNotHearDoesNotHearThemEither() throws Exception {
		List<Member> all = joinAll();
		Member one = all.get(0);
		Member three = all.get(2);
		all.forEach(Member::forget);
		this.cluster.cut(3, 1);
		this.cluster.cut(3, 2);
		one.awaitMembers(one, all.get(1));
		three.awaitMembers(three);
		delivered(one.send("majority"));
		delivered(three.send("minority"));
		this.cluster.heal();
		all.forEach((member) -> member.awaitMembers(all.toArray(Member[]::new)));
		assertThat(three.messages()).containsExactly("minority");
		assertThat(one.messages()).containsExactly("majority");
	}

	/**
	 * Nodes 1 and 3 reach node 2, and not each other. Who is in a ring with whom is
	 * chance, and no ring stays: while those of node 2 do not last, members in them are
	 * notified of nothing, and their messages are not taken.
	 */
	@Test
	void nodesThatReachAThirdOneAndNotEachOtherAreNeverInOneRing() throws Exception {
		List<Member> all = joinAll();
		Member one = all.get(0);
		Member two = all.get(1);
		Member three = all.get(2);
		all.forEach(Member::forget);
		this.cluster.partition(Set.of(1, 2), Set.of(2, 3));
		Member.await("somebody to be notified")
			.until(() -> all.stream().anyMatch((member) -> !member.events(CpgTotemConfiguration.class).isEmpty()));
		CompletableFuture<CpgView> sent = two.connection().tryMulticast("meanwhile".getBytes(StandardCharsets.UTF_8));
		Set<List<Long>> seen = new HashSet<>();
		all.forEach((member) -> member.events(CpgTotemConfiguration.class).forEach((ring) -> seen.add(ring.nodeIds())));
		assertThat(seen).isSubsetOf(List.of(1L, 2L), List.of(2L, 3L), List.of(1L), List.of(2L), List.of(3L));

		this.cluster.heal();
		for (Member member : all) {
			Member.await("the ring of all")
				.until(() -> !member.events(CpgTotemConfiguration.class).isEmpty()
						&& member.ring().nodeIds().equals(List.of(1L, 2L, 3L)));
			member.awaitMembers(one, two, three);
		}
		CpgView view = (sent != null) ? delivered(sent) : CpgView.NONE;
		delivered(two.send("together"));
		for (Member member : all) {
			member.awaitLine("\"together\"");
			assertThat(view.members().contains(member.address()) || !member.messages().contains("meanwhile")).isTrue();
			List<CpgAddress> ends = List.of(one.address(), three.address());
			assertThat(member.changes()).noneMatch((change) -> change.view().members().equals(ends));
		}
	}

	/** Shorter than what it takes to lose the token. */
	@Test
	void aLinkThatIsLostForMomentsCostsNothing() throws Exception {
		List<Member> all = joinAll();
		all.forEach(Member::forget);
		for (int i = 0; i < 5; i++) {
			this.cluster.cut(1, 3);
			CompletableFuture<CpgView> sent = all.get(0).send("message " + i);
			this.cluster.heal();
			delivered(sent);
		}
		all.forEach((member) -> member.awaitMessages(5));
		all.forEach((member) -> assertThat(member.events(CpgConfigurationChange.class)).isEmpty());
	}

	@Test
	void aNodeThatDiesIsNodedownAndItsConnectionsEnd() throws Exception {
		List<Member> all = joinAll();
		all.forEach(Member::forget);
		this.cluster.node(3).kill();
		all.get(2).awaitStory("closed CS_ERR_LIBRARY");
		all.get(0).awaitStory("- 3/31 NODEDOWN: 1/11 2/21", "ring 1 2");
		all.get(1).awaitStory("- 3/31 NODEDOWN: 1/11 2/21", "ring 1 2");
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(() -> connect(3))
			.extracting(CorosyncConnectException::reason)
			.isEqualTo(CorosyncConnectException.Reason.NOT_RUNNING);

		this.cluster.node(3).start();
		all.get(0).awaitStory("- 3/31 NODEDOWN: 1/11 2/21", "ring 1 2", "ring 1 2 3");
		Member again = join(3);
		all.get(0).awaitStory("- 3/31 NODEDOWN: 1/11 2/21", "ring 1 2", "ring 1 2 3", "+ 3/31 JOIN: 1/11 2/21 3/31");
		assertThat(again.ring().ring()).isEqualTo(all.get(0).ring().ring());
	}

	@Test
	void aDaemonThatStopsInOrderEndsItsMembersFirst() throws Exception {
		List<Member> all = joinAll();
		all.forEach(Member::forget);
		CompletableFuture<CpgView> last = all.get(2).send("last");
		delivered(last);
		this.cluster.node(3).stop();
		all.get(2).awaitLine("closed CS_ERR_LIBRARY");
		all.get(0).awaitStory("\"last\"", "- 3/31 PROCDOWN: 1/11 2/21", "ring 1 2");
		all.get(1).awaitStory("\"last\"", "- 3/31 PROCDOWN: 1/11 2/21", "ring 1 2");
	}

	/**
	 * A message that is sent on the paused node is taken when the daemon goes on: into
	 * the old ring if that happens to hold its token, and then nobody else gets it, or
	 * into the next one.
	 */
	@Test
	void aPausedNodeIsNeverNotifiedOfTheRingsMeanwhile() throws Exception {
		List<Member> all = joinAll();
		all.forEach(Member::forget);
		Member one = all.get(0);
		Member three = all.get(2);
		RingId before = three.connection().view().ring();
		this.cluster.node(3).pause();
		CompletableFuture<CpgView> meanwhile = three.send("sent meanwhile");
		one.awaitStory("- 3/31 NODEDOWN: 1/11 2/21", "ring 1 2");
		delivered(one.send("of the others"));
		assertThat(three.story()).isEmpty();
		assertThat(meanwhile).isNotDone();
		this.cluster.node(3).resume();
		boolean atHomeOnly = delivered(meanwhile).ring().equals(before);
		one.awaitLine("ring 1 2 3");
		delivered(one.send("together"));
		String message = "\"sent meanwhile\"";
		one.awaitStory(lines("- 3/31 NODEDOWN: 1/11 2/21", "ring 1 2", "\"of the others\"",
				"+ 3/31 NODEUP: 1/11 2/21 3/31", "ring 1 2 3", atHomeOnly ? "" : message, "\"together\""));
		three.awaitStory(lines(atHomeOnly ? message : "", "- 1/11 NODEDOWN 2/21 NODEDOWN: 3/31",
				"+ 1/11 NODEUP 2/21 NODEUP: 1/11 2/21 3/31", "ring 1 2 3", atHomeOnly ? "" : message, "\"together\""));
	}

	private static String[] lines(String... lines) {
		return Stream.of(lines).filter((line) -> !line.isEmpty()).toArray(String[]::new);
	}

	@Test
	void aNodeThatPausesForAMomentMissesNothing() throws Exception {
		List<Member> all = joinAll();
		all.forEach(Member::forget);
		this.cluster.node(3).pause();
		CompletableFuture<CpgView> meanwhile = all.get(2).send("sent meanwhile");
		this.cluster.node(3).resume();
		delivered(meanwhile);
		all.forEach((member) -> member.awaitStory("\"sent meanwhile\""));
	}

	@Test
	void whatWasSentOnAPausedNodeThatDiesIsUnknown() throws Exception {
		Member one = join(1);
		Member three = join(3);
		one.awaitMembers(one, three);
		this.cluster.node(3).pause();
		CompletableFuture<CpgView> sent = three.send("never taken");
		this.cluster.node(3).kill();
		assertThat(outcome(sent)).isEqualTo(Outcome.UNKNOWN);
		one.awaitMembers(one);
		assertThat(one.messages()).isEmpty();
	}

	@Test
	void aConnectionThatHasNotJoinedHasNoViewWhateverHappensToTheRing() {
		Member watcher = join(1);
		Member outsider = connect(1, 12);
		watcher.forget();
		this.cluster.node(3).stop();
		watcher.awaitStory("ring 1 2");
		assertThat(outsider.connection().membership(this.group)).containsExactly(watcher.address());
		assertThat(outsider.connection().view()).isEqualTo(CpgView.NONE);
		assertThat(outsider.story()).isEmpty();
		outsider.join(this.group);
		outsider.awaitStory("+ 1/12 JOIN: 1/11 1/12", "ring 1 2");
		assertThat(outsider.ring().ring()).isEqualTo(watcher.ring().ring());
	}

	/**
	 * Each member sends its next message when the last one was delivered, so the cut and
	 * the merge come between any two steps of these.
	 */
	@Test
	void messagesAroundACutAndAMergeKeepTheirOrderAndTheirOutcomesAreTrue() throws Exception {
		List<Member> all = joinAll();
		List<Traffic> traffic = all.stream().map(Traffic::start).toList();
		Member one = all.get(0);
		Member two = all.get(1);
		Member three = all.get(2);
		all.forEach(Member::awaitItsMessageInTheView);
		this.cluster.partition(Set.of(1, 2), Set.of(3));
		one.awaitMembers(one, two);
		two.awaitMembers(one, two);
		three.awaitMembers(three);
		all.forEach(Member::awaitItsMessageInTheView);
		this.cluster.heal();
		all.forEach((member) -> member.awaitMembers(one, two, three));
		for (Traffic each : traffic) {
			each.stop();
		}
		all.forEach((member) -> member.awaitLine("\"last of 3/31\""));
		for (Traffic each : traffic) {
			each.assertOutcomesAreTrue(all);
		}
		assertSameOrder(one, two);
		assertSameOrder(one, three);
		assertSameOrder(two, three);
	}

	private static void assertSameOrder(Member member, Member other) {
		Set<String> ofMember = Set.copyOf(member.messages());
		Set<String> ofOther = Set.copyOf(other.messages());
		assertThat(member.messages().stream().filter(ofOther::contains))
			.containsExactlyElementsOf(other.messages().stream().filter(ofMember::contains).toList());
	}

}

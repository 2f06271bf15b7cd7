package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.leadership.election.ElectionSettings.Role;
import dev.cpg.spring.leadership.election.TestGroup.Member;
import org.junit.jupiter.api.Test;

import static dev.cpg.spring.leadership.election.TestGroup.ROLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ElectionTests {

	private final TestGroup group = new TestGroup();

	@Test
	void aMemberThatIsAloneLeads() {
		Member one = this.group.join(1);
		assertThat(one.status().isLeader()).isTrue();
		assertThat(one.status().token()).hasValue(leader(one).token());
		assertThat(leader(one).address()).isEqualTo(one.address());
		assertThat(one.events()).containsExactly("billing: ELECTING", "billing: NOBODY_ELIGIBLE", "billing: ELECTING",
				"token of billing", "billing: 1/1001", "granted billing");
	}

	@Test
	void theLeaderStaysWhenOthersCome() {
		Member two = this.group.join(2);
		long token = two.status().token().orElseThrow();
		Member one = this.group.join(1);
		this.group.pass(10_000);
		assertThat(this.group.leaders()).containsExactly(two.address());
		assertThat(two.status().token()).hasValue(token);
		assertThat(one.status().leader()).isEqualTo(new Leader(two.address(), token));
	}

	@Test
	void theLeadMovesOnceWhenEachMemberIsRestartedInTurn() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		Member three = this.group.join(3);
		for (Member follower : List.of(two, three)) {
			this.group.leave(follower.address(), CpgReason.LEAVE);
			this.group.join((int) follower.address().nodeId());
			assertThat(this.group.leaders()).containsExactly(one.address());
		}
		this.group.leave(one.address(), CpgReason.LEAVE);
		List<CpgAddress> next = this.group.leaders();
		assertThat(next).hasSize(1).doesNotContain(one.address());
		this.group.join(1);
		this.group.pass(20_000);
		assertThat(this.group.leaders()).isEqualTo(next);
	}

	@Test
	void theNextLeaderHasAHigherToken() {
		Member one = this.group.join(1);
		long token = one.status().token().orElseThrow();
		Member two = this.group.join(2);
		this.group.join(3);
		this.group.leave(one.address(), CpgReason.PROCDOWN);
		assertThat(this.group.leaders()).containsExactly(two.address());
		assertThat(two.status().token().orElseThrow()).isGreaterThan(token);
	}

	@Test
	void theHighestPriorityIsChosenFirstThenWhoCameFirst() {
		Member one = this.group.join(1);
		this.group.clock().advanceMillis(1);
		Member three = this.group.join(3);
		this.group.clock().advanceMillis(1);
		this.group.join(2);
		Member high = this.group.join(4, settings(new Role(ROLE, 1, false)));
		assertThat(this.group.leaders()).containsExactly(one.address());
		this.group.leave(one.address(), CpgReason.LEAVE);
		assertThat(this.group.leaders()).containsExactly(high.address());
		this.group.leave(high.address(), CpgReason.LEAVE);
		assertThat(this.group.leaders()).containsExactly(three.address());
	}

	@Test
	void anObserverNeverLeads() {
		Member one = this.group.join(1, settings(new Role(ROLE, 9, true)));
		assertThat(one.status().vacancy()).isEqualTo(Vacancy.NOBODY_ELIGIBLE);
		Member two = this.group.join(2);
		assertThat(leader(one).address()).isEqualTo(two.address());
	}

	@Test
	void nobodyLeadsWithoutQuorum() {
		Member one = this.group.join(1);
		one.events();
		this.group.quorum(true, false);
		assertThat(this.group.leaders()).isEmpty();
		assertThat(one.events()).containsSubsequence("revoked billing QUORUM", "billing: INQUORATE");
		long token = one.election().status(ROLE).leaseLeft().toNanos();
		assertThat(token).isZero();
		this.group.quorum(true, true);
		assertThat(this.group.leaders()).containsExactly(one.address());
	}

	@Test
	void aRingWhoseQuorumIsNotKnownYetIsNotInquorate() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		two.events();
		this.group.nodeDies(one, 100);
		assertThat(two.events()).startsWith("billing: ELECTING")
			.contains("granted billing")
			.doesNotContain("billing: INQUORATE");
	}

	@Test
	void aRingWhoseQuorumNobodyLearnsIsInquorate() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		two.events();
		this.group.nodeDies(one, 1600);
		assertThat(two.events()).containsSubsequence("billing: ELECTING", "billing: INQUORATE", "granted billing");
	}

	@Test
	void nobodyLeadsWithoutAQuorumProvider() {
		Member one = this.group.join(1);
		this.group.quorum(false, true);
		assertThat(this.group.leaders()).isEmpty();
		assertThat(one.status().vacancy()).isEqualTo(Vacancy.INQUORATE);
	}

	@Test
	void quorumIsNotAskedForIfItIsNotRequired() {
		this.group.quorum(false, false);
		ElectionSettings settings = new ElectionSettings(List.of(new Role(ROLE, 0, false)), TestActions.LEASE,
				Duration.ofMillis(3000), Duration.ofMillis(1500), Duration.ZERO, false, false);
		assertThat(this.group.join(1, settings).status().isLeader()).isTrue();
	}

	@Test
	void aNewRingCostsTheLeadershipNothingIfItIsQuorateInTime() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		one.events();
		this.group.ringChanges(true);
		this.group.pass(5000);
		assertThat(one.events()).isEmpty();
		assertThat(this.group.leaders()).containsExactly(one.address());
		this.group.ringChanges(false);
		assertThat(this.group.leaders()).isEmpty();
		assertThat(two.status().leader()).isNull();
	}

	@Test
	void aLeaseThatIsNotRenewedEndsAndIsOverForEver() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		long token = one.status().token().orElseThrow();
		one.events();
		one.hang();
		this.group.pass(TestActions.LEASE.toMillis() - 1);
		assertThat(one.status().isLeader()).isTrue();
		assertThat(one.status().leaseLeft()).isEqualTo(Duration.ofMillis(1));
		this.group.pass(1);
		assertThat(one.status().isLeader()).isFalse();
		assertThat(two.status().isLeader()).isFalse();
		one.goOn();
		this.group.pass(1);
		assertThat(one.events()).containsSubsequence("revoked billing LEASE", "granted billing");
		assertThat(one.status().token().orElseThrow()).isGreaterThan(token);
	}

	@Test
	void aLeaderThatHangsIsReplacedAfterTheLivenessTimeout() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		this.group.join(3);
		one.hang();
		two.events();
		this.group.pass(2999);
		assertThat(leader(two).address()).isEqualTo(one.address());
		this.group.pass(1);
		assertThat(this.group.leaders()).containsExactly(two.address());
		assertThat(two.events()).contains("1/1001 suspected");
		one.events();
		one.goOn();
		this.group.pass(1);
		assertThat(one.events()).contains("revoked billing SUSPECTED");
		assertThat(two.events()).contains("1/1001 heard");
		this.group.pass(10_000);
		assertThat(this.group.leaders()).containsExactly(two.address());
	}

	@Test
	void whoHangsBeforeItClaimsIsReplacedToo() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		Member three = this.group.join(3);
		two.hang();
		this.group.leave(one.address(), CpgReason.PROCDOWN);
		assertThat(this.group.leaders()).isEmpty();
		this.group.pass(3000);
		assertThat(this.group.leaders()).containsExactly(three.address());
	}

	@Test
	void oneThatDoesNotSpeakIsAwaitedOnceAndThenNoMore() {
		CpgAddress foreign = this.group.joinForeign(3);
		Member one = this.group.join(1);
		assertThat(one.status().isLeader()).isFalse();
		this.group.pass(1500);
		assertThat(one.status().isLeader()).isTrue();
		Member two = this.group.join(2);
		this.group.pass(1500);
		this.group.leave(one.address(), CpgReason.PROCDOWN);
		assertThat(two.status().isLeader()).isTrue();
		this.group.leave(foreign, CpgReason.LEAVE);
		assertThat(two.status().isLeader()).isTrue();
	}

	@Test
	void aRoleThatIsGivenUpGoesToAnotherMemberWhenTheApplicationHasFinished() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		one.events();
		one.election().giveUp(ROLE);
		this.group.pass(500);
		assertThat(one.events()).containsExactly("revoked billing YIELD");
		assertThat(this.group.leaders()).isEmpty();
		one.election().released(ROLE);
		this.group.settle();
		assertThat(this.group.leaders()).containsExactly(two.address());
		two.election().giveUp(ROLE);
		two.election().released(ROLE);
		this.group.settle();
		assertThat(one.status().vacancy()).isEqualTo(Vacancy.NOBODY_ELIGIBLE);
		this.group.pass(5000);
		assertThat(this.group.leaders()).hasSize(1);
	}

	@Test
	void whoIsNotHealthyGivesUpAndIsNotElected() {
		Member one = this.group.join(1);
		one.events();
		one.election().healthChanged(ROLE, false);
		one.election().released(ROLE);
		this.group.pass(10_000);
		assertThat(one.events()).contains("revoked billing HEALTH");
		assertThat(one.status().vacancy()).isEqualTo(Vacancy.NOBODY_ELIGIBLE);
		one.election().healthChanged(ROLE, true);
		this.group.pass(1);
		assertThat(one.status().isLeader()).isTrue();
	}

	@Test
	void healthThatComesAndGoesCostsNoLeadershipBeforeItWasHeldForAWhile() {
		Member one = this.group.join(1, settings(new Role(ROLE, 0, false, Duration.ofSeconds(10))));
		Member two = this.group.join(2);
		one.events();
		this.group.pass(2000);
		one.election().healthChanged(ROLE, false);
		this.group.pass(2000);
		one.election().healthChanged(ROLE, true);
		this.group.pass(2000);
		one.election().healthChanged(ROLE, false);
		this.group.pass(3900);
		assertThat(one.events()).isEmpty();
		assertThat(one.status().isLeader()).isTrue();
		this.group.pass(200);
		assertThat(one.events()).contains("revoked billing HEALTH");
		one.election().released(ROLE);
		this.group.settle();
		assertThat(two.status().isLeader()).isTrue();
		one.election().healthChanged(ROLE, true);
		this.group.pass(60_000);
		assertThat(two.status().isLeader()).isTrue();
	}

	@Test
	void whoIsNotHealthyInWhatItHoldsIsNotElectedAnew() {
		Member one = this.group.join(1, settings(new Role(ROLE, 1, false, Duration.ofMinutes(1))));
		Member two = this.group.join(2);
		one.election().healthChanged(ROLE, false);
		this.group.settle();
		assertThat(this.group.leaders()).containsExactly(one.address());
		this.group.quorum(true, false);
		this.group.quorum(true, true);
		assertThat(this.group.leaders()).containsExactly(two.address());
	}

	@Test
	void whoFallsIllWhileItsClaimIsUnderWayIsNotGranted() {
		Member one = this.group.join(1);
		one.election().healthChanged(ROLE, false);
		one.election().released(ROLE);
		this.group.pass(20_000);
		one.events();
		one.election().healthChanged(ROLE, true);
		one.sendOne();
		one.election().healthChanged(ROLE, false);
		this.group.pass(1);
		assertThat(one.events()).contains("billing: 1/1001").doesNotContain("granted billing");
		assertThat(this.group.leaders()).isEmpty();
	}

	/** The daemon may order what a process has sent after its end. */
	@Test
	void whatItsFormerLifeHasStatedMakesNoMemberLead() {
		this.group.join(1, settings(new Role(ROLE, 0, true)));
		Member former = this.group.joinUnready(2, TestActions.settings(ROLE));
		former.election().ready(true);
		byte[] late = former.takeOne();
		this.group.leave(former.address(), CpgReason.PROCDOWN);
		Member two = this.group.joinUnready(2, TestActions.settings(ROLE));
		this.group.deliver(two.address(), late);
		this.group.pass(10_000);
		assertThat(this.group.leaders()).isEmpty();
		assertThat(two.status().vacancy()).isEqualTo(Vacancy.NOBODY_ELIGIBLE);
		two.election().ready(true);
		this.group.settle();
		assertThat(this.group.leaders()).containsExactly(two.address());
	}

	@Test
	void nobodyLeadsBeforeItIsReady() {
		Member one = this.group.join(1);
		one.election().ready(false);
		this.group.settle();
		assertThat(one.status().isLeader()).isTrue();
		Member two = this.group.join(2);
		two.election().ready(false);
		this.group.settle();
		this.group.leave(one.address(), CpgReason.LEAVE);
		assertThat(two.status().vacancy()).isEqualTo(Vacancy.NOBODY_ELIGIBLE);
		two.election().ready(true);
		this.group.settle();
		assertThat(two.status().isLeader()).isTrue();
	}

	@Test
	void whatWasNotDeliveredIsSentAgain() {
		for (int lost = 0; lost < 8; lost++) {
			TestGroup other = new TestGroup();
			Member one = other.join(1);
			other.join(2);
			one.election().giveUp(ROLE);
			one.election().released(ROLE);
			for (int i = 0; i < lost; i++) {
				other.pass(1);
			}
			other.lose();
			other.pass(20_000);
			assertThat(other.leaders()).as("after %d ms", lost).hasSize(1);
		}
	}

	@Test
	void tokensThatWereGivenElsewhereAreExceeded() {
		Member one = this.group.join(1);
		long token = one.status().token().orElseThrow();
		assertThat(one.election().remember(ROLE, token + (1L << 30))).isTrue();
		this.group.pass(1);
		assertThat(one.status().token().orElseThrow()).isGreaterThan(token + (1L << 30));
		assertThat(one.election().remember(ROLE, Token.MAX)).isFalse();
		assertThat(one.election().refused()).isEqualTo(1);
	}

	@Test
	void aMessageUnderAnOldTokenIsStale() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		long token = one.status().token().orElseThrow();
		assertThat(two.election().accepts(ROLE, token)).isTrue();
		assertThat(two.election().accepts(ROLE, token - 1)).isFalse();
		assertThat(two.election().accepts(ROLE, Token.MAX)).isFalse();
		this.group.leave(one.address(), CpgReason.PROCDOWN);
		assertThat(two.election().accepts(ROLE, token)).isFalse();
	}

	@Test
	void aSuspendedMachineLosesItsLease() {
		Member one = this.group.join(1);
		long token = one.status().token().orElseThrow();
		one.events();
		this.group.clock().suspendMillis(60_000);
		this.group.pass(1000);
		assertThat(one.events()).contains("revoked billing LEASE");
		assertThat(one.status().token().orElseThrow()).isGreaterThan(token);
	}

	@Test
	void theEndOfTheConnectionEndsTheLeadership() {
		Member one = this.group.join(1);
		one.events();
		one.election().disconnected(Reason.DISCONNECTED);
		assertThat(one.status().isLeader()).isFalse();
		assertThat(one.events()).containsExactly("revoked billing DISCONNECTED", "billing: DISCONNECTED");
	}

	@Test
	void whenManyJoinAtOnceAMemberSaysOnceHowItStands() {
		TestActions actions = new TestActions();
		Election election = new Election(TestActions.settings(ROLE), new TestClock(), actions, 1);
		CpgAddress self = new CpgAddress(1, 1);
		RingId ring = new RingId(1, 4);
		election.connected(self);
		List<CpgAddress> members = new ArrayList<>(List.of(self));
		election.totemChanged(new CpgTotemConfiguration(new CpgView(ring, members), List.of(1L)));
		for (int pid = 2; pid < 100; pid++) {
			CpgMember joined = new CpgMember(new CpgAddress(1, pid), CpgReason.JOIN);
			members.add(joined.address());
			election.configurationChanged(new CpgConfigurationChange(CpgGroupName.of("grp"), new CpgView(ring, members),
					List.of(), List.of(joined)));
		}
		assertThat(actions.sent()).hasSize(1);
		election.delivered(self, ByteBuffer.wrap(actions.sent().remove()));
		assertThat(actions.sent()).hasSize(1);
		election.delivered(self, ByteBuffer.wrap(actions.sent().remove()));
		assertThat(actions.sent()).isEmpty();
	}

	@Test
	void rolesAreIndependent() {
		Member one = this.group.join(1, settings(new Role(ROLE, 1, false), new Role("mail", 0, false)));
		Member two = this.group.join(2, settings(new Role(ROLE, 0, false), new Role("mail", 1, false)));
		one.election().giveUp("mail");
		one.election().released("mail");
		this.group.settle();
		assertThat(one.status().isLeader()).isTrue();
		assertThat(two.election().status("mail").isLeader()).isTrue();
		assertThat(two.status().isLeader()).isFalse();
	}

	private static ElectionSettings heard() {
		return new ElectionSettings(List.of(), TestActions.LEASE, Duration.ofMillis(3000), Duration.ofMillis(1500),
				Duration.ZERO, true, true);
	}

	@Test
	void memberThatHangsJustWhenAnotherOneJoinsIsASuspectToo() {
		this.group.join(1);
		Member two = this.group.join(2, heard());
		two.hang();
		Member three = this.group.join(3);
		this.group.pass(1500 + 3000);
		assertThat(three.events()).contains("2/1002 suspected");
		two.goOn();
		assertThat(three.events()).contains("2/1002 heard");
		this.group.pass(10_000);
		assertThat(three.events()).isEmpty();
	}

	@Test
	void leaderThatHangsJustWhenAnotherOneJoinsIsReplacedAndThenASuspect() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		one.hang();
		this.group.join(3);
		this.group.pass(1500);
		assertThat(this.group.leaders()).containsExactly(two.address());
		assertThat(two.events()).noneMatch((event) -> event.endsWith("suspected"));
		this.group.pass(3000);
		assertThat(two.events()).contains("1/1001 suspected");
		one.goOn();
		this.group.pass(10_000);
		assertThat(this.group.leaders()).containsExactly(two.address());
	}

	@Test
	void suspectThatStillHangsWhenAnotherOneJoinsIsASuspectAgain() {
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		one.hang();
		this.group.pass(3000);
		assertThat(two.events()).contains("1/1001 suspected");
		this.group.join(3);
		assertThat(two.events()).contains("1/1001 heard");
		this.group.pass(1500 + 3000);
		assertThat(two.events()).contains("1/1001 suspected");
	}

	@Test
	void leadershipThatIsGrantedAfterAPauseHasAWholeLease() {
		Member one = this.group.join(1);
		this.group.pass(500);
		one.hang();
		this.group.pass(800);
		one.goOn();
		this.group.pass(1);
		assertThat(one.events()).contains("revoked billing LEASE").endsWith("granted billing");
		this.group.pass(2000);
		assertThat(one.events()).isEmpty();
	}

	@Test
	void whoIsElectedAndHasNoLeaseWhenTheRingChangesIsElectedAnew() {
		Member one = this.group.joinUnready(1, TestActions.settings(ROLE));
		one.election().ready(true);
		one.sendOne();
		one.sendOne();
		Leader pending = leader(one);
		assertThat(one.status().isLeader()).isFalse();
		this.group.ringChanges(true);
		assertThat(this.group.leaders()).containsExactly(one.address());
		assertThat(leader(one).token()).isGreaterThan(pending.token());
	}

	@Test
	void claimThatComesBackWhenTheQuorumIsLostIsGivenUp() {
		Member one = this.group.joinUnready(1, TestActions.settings(ROLE));
		one.election().ready(true);
		one.sendOne();
		this.group.quorum(true, false);
		assertThat(one.events()).contains("token of billing");
		assertThat(one.status().leader()).isNull();
		assertThat(one.status().vacancy()).isEqualTo(Vacancy.INQUORATE);
		this.group.quorum(true, true);
		assertThat(this.group.leaders()).containsExactly(one.address());
	}

	@Test
	void timeLimitThatIsOverIsNotPutOffByWhatIsSaid() {
		this.group.joinForeign(3);
		Member one = this.group.join(1);
		Member two = this.group.join(2);
		this.group.clock().advanceMillis(1501);
		this.group.deliver(two.address(), ElectionCodec.write(new ElectionMessage.Renew(2, 1)));
		this.group.pass(1);
		assertThat(one.status().isLeader()).isTrue();
	}

	@Test
	void memberThatSpeaksOfSomethingElseIsAwaitedUntilItIsSilent() {
		CpgAddress other = this.group.joinForeign(3);
		Member one = this.group.join(1);
		for (int number = 1; number <= 10; number++) {
			this.group.pass(1499);
			this.group.deliver(other, ElectionCodec.write(new ElectionMessage.Renew(99, number)));
			assertThat(one.status().isLeader()).isFalse();
		}
		this.group.pass(1500);
		assertThat(one.status().isLeader()).isTrue();
		one.election().giveUp(ROLE);
		one.election().released(ROLE);
		this.group.deliver(other, ElectionCodec.write(new ElectionMessage.Renew(99, 11)));
		assertThat(one.status().isLeader()).isFalse();
		this.group.join(2);
		assertThat(this.group.leaders()).isEmpty();
		this.group.pass(1500);
		assertThat(this.group.leaders()).hasSize(1);
	}

	@Test
	void memberThatAsksForItIsWatchedWithoutLeading() {
		this.group.join(1);
		Member two = this.group.join(2, heard());
		Member three = this.group.join(3);
		this.group.pass(10_000);
		assertThat(three.events()).noneMatch((event) -> event.endsWith("suspected"));
		two.hang();
		this.group.pass(3000);
		assertThat(three.events()).contains("2/1002 suspected");
	}

	@Test
	void settingsThatCannotWorkAreRefused() {
		Duration second = Duration.ofSeconds(1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new ElectionSettings(List.of(), second, second, second, Duration.ZERO, true, false));
		assertThatIllegalArgumentException().isThrownBy(() -> new ElectionSettings(List.of(), second,
				second.multipliedBy(2), second.dividedBy(2), Duration.ZERO, true, false));
		assertThatIllegalArgumentException().isThrownBy(() -> new Role("", 0, false));
		assertThatIllegalArgumentException().isThrownBy(() -> new Role("x".repeat(256), 0, false));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> settings(new Role("x", 0, false), new Role("x", 1, false)));
	}

	private static Leader leader(Member member) {
		return Objects.requireNonNull(member.status().leader());
	}

	private static ElectionSettings settings(Role... roles) {
		ElectionSettings settings = TestActions.settings();
		return new ElectionSettings(List.of(roles), settings.lease(), settings.livenessTimeout(),
				settings.exchangeTimeout(), settings.yieldCooldown(), true, false);
	}

}

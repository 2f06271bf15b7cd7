package dev.cpg.client.internal.cpg.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.corosync.FakeDaemon;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SuspectCheck;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.outcome.SendFuture;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the daemon's events are decoded to, one after the other.
 */
class EventDecoderTests {

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private static final CpgAddress LOCAL = new CpgAddress(1, 4711);

	private static final CpgAddress OTHER = new CpgAddress(2, 42);

	private static final CpgAddress JOINER = new CpgAddress(3, 43);

	private static final byte[] PART = new byte[100];

	private final ContentHash hash = new ContentHash();

	private final MembershipState membership = new MembershipState(LOCAL);

	private final PendingSends pending = new PendingSends((send) -> {
	}, (due) -> {
	});

	private final DroppedMessages dropped = new DroppedMessages(() -> GROUP, CorosyncSetting::toString);

	private final DeliveryRecorder delivered = new DeliveryRecorder();

	/** Who the daemon says is a member, if it is asked. */
	private List<CpgAddress> counted = List.of();

	private final Queue<Runnable> questions = new ArrayDeque<>();

	private CpgQuorum quorum = CpgQuorum.NONE;

	private final MessageDecoder messages = new MessageDecoder(this.membership, this.pending, this.hash,
			new Reassembler(LOCAL, 1 << 20, 1 << 22, this.dropped), this.dropped, null);

	private final Freshness freshness = new Freshness();

	private final EventDecoder decoder = new EventDecoder(
			new ViewTracker(this.membership, new SuspectCheck((group) -> this.counted, this.questions::add),
					TestSettings.withQuorum(() -> this.quorum), this.freshness, this.messages),
			this.messages);

	@BeforeEach
	void join() {
		this.membership.beginJoin(GROUP);
		change(List.of(LOCAL, OTHER), List.of(), List.of(new CpgMember(LOCAL, CpgReason.JOIN)));
		this.decoder.decode(Frames.totemConfiguration(FakeDaemon.RING, 1, 2, 3), this.delivered);
		assertThat(this.delivered.events()).hasSize(2);
	}

	@Test
	void aJoinListsTheJoinerAndTheViewAllMembers() {
		assertThat(this.delivered.events().get(0)).isInstanceOfSatisfying(CpgConfigurationChange.class, (change) -> {
			assertThat(change.joined()).containsExactly(new CpgMember(LOCAL, CpgReason.JOIN));
			assertThat(change.left()).isEmpty();
			assertThat(change.view().members()).containsExactly(LOCAL, OTHER);
		});
	}

	@Test
	void aMemberThatJoinsAmidAMessageIsNotAmongThoseThatSurelyGetIt() {
		SendFuture send = send(3 * PART.length);
		fragment(FragmentType.FIRST);
		change(List.of(LOCAL, OTHER, JOINER), List.of(), List.of(new CpgMember(JOINER, CpgReason.JOIN)));
		fragment(FragmentType.MIDDLE);
		fragment(FragmentType.LAST);
		assertThat(send).isCompletedWithValue(new CpgView(FakeDaemon.RING, List.of(LOCAL, OTHER)));
		assertThat(last(CpgMessage.class).view().members()).containsExactly(LOCAL, OTHER, JOINER);
	}

	@Test
	void aMemberThatLeavesAndJoinsAgainAmidAMessageIsNotAmongThemEither() {
		SendFuture send = send(3 * PART.length);
		fragment(FragmentType.FIRST);
		change(List.of(LOCAL), List.of(new CpgMember(OTHER, CpgReason.LEAVE)), List.of());
		fragment(FragmentType.MIDDLE);
		change(List.of(LOCAL, OTHER), List.of(), List.of(new CpgMember(OTHER, CpgReason.JOIN)));
		fragment(FragmentType.LAST);
		assertThat(send).isCompletedWithValue(new CpgView(FakeDaemon.RING, List.of(LOCAL)));
	}

	@Test
	void aMessageThatIsSentAgainAfterAJoinNamesTheJoiner() {
		SendFuture send = send(2 * PART.length);
		fragment(FragmentType.FIRST, 2);
		change(List.of(LOCAL, OTHER, JOINER), List.of(), List.of(new CpgMember(JOINER, CpgReason.JOIN)));
		fragment(FragmentType.FIRST, 2);
		fragment(FragmentType.LAST, 2);
		assertThat(send).isCompletedWithValue(new CpgView(FakeDaemon.RING, List.of(LOCAL, OTHER, JOINER)));
	}

	@Test
	void aViewHasTheQuorumThatIsKnownWhenItsEventArrives() {
		SendFuture before = send(2 * PART.length);
		fragment(FragmentType.FIRST, 2);
		fragment(FragmentType.LAST, 2);
		assertThat(before.join().quorum()).isEqualTo(CpgQuorumState.UNKNOWN);
		this.quorum = new CpgQuorum(true, true, FakeDaemon.RING, List.of(3L, 2L, 1L));
		SendFuture after = send(2 * PART.length);
		fragment(FragmentType.FIRST, 2);
		fragment(FragmentType.LAST, 2);
		assertThat(after.join().isQuorate()).isTrue();
		assertThat(last(CpgMessage.class).view().isQuorate()).isTrue();
		change(List.of(LOCAL), List.of(new CpgMember(OTHER, CpgReason.LEAVE)), List.of());
		assertThat(last(CpgConfigurationChange.class).view().isQuorate()).isTrue();
		this.quorum = new CpgQuorum(true, false, FakeDaemon.RING, List.of(1L, 2L, 3L));
		change(List.of(LOCAL, OTHER), List.of(), List.of(new CpgMember(OTHER, CpgReason.JOIN)));
		assertThat(last(CpgConfigurationChange.class).view().quorum()).isEqualTo(CpgQuorumState.INQUORATE);
	}

	@Test
	void theQuorumOfOneRingOrOfOtherNodesSaysNothingOfAnother() {
		RingId next = new RingId(1, 0x34);
		this.quorum = new CpgQuorum(true, true, FakeDaemon.RING, List.of(1L, 2L, 3L));
		this.decoder.decode(Frames.totemConfiguration(next, 1, 2), this.delivered);
		assertThat(last(CpgTotemConfiguration.class).view().quorum()).isEqualTo(CpgQuorumState.UNKNOWN);
		this.quorum = new CpgQuorum(true, true, next, List.of(1L, 2L, 3L));
		change(List.of(LOCAL), List.of(new CpgMember(OTHER, CpgReason.LEAVE)), List.of());
		assertThat(last(CpgConfigurationChange.class).view().quorum()).isEqualTo(CpgQuorumState.UNKNOWN);
	}

	@Test
	void theViewsOfAMergeAreOfTheNewRingHoweverManyMembersCome() {
		RingId merged = new RingId(1, 0x34);
		List<CpgAddress> members = new ArrayList<>(List.of(LOCAL, OTHER));
		for (int pid = 1; pid <= 500; pid++) {
			CpgAddress comer = new CpgAddress(3, pid);
			members.add(comer);
			change(members, List.of(), List.of(new CpgMember(comer, CpgReason.NODEUP)));
		}
		this.decoder.decode(Frames.totemConfiguration(merged, 1, 2, 3), this.delivered);
		assertThat(this.delivered.events().stream().skip(2).filter(CpgConfigurationChange.class::isInstance))
			.hasSize(500)
			.allSatisfy((change) -> assertThat(((CpgConfigurationChange) change).view().ring()).isEqualTo(merged));
	}

	@Test
	void aViewOnlyLosesMembersThatItHad() {
		change(List.of(LOCAL, OTHER), List.of(new CpgMember(JOINER, CpgReason.NODEDOWN),
				new CpgMember(new CpgAddress(3, 99), CpgReason.LEAVE)), List.of());
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2), this.delivered);
		assertThat(this.delivered.events()).hasSize(3);
		assertThat(last(CpgTotemConfiguration.class).view().members()).containsExactly(LOCAL, OTHER);
	}

	@Test
	void aViewOnlyGainsMembersThatItHas() {
		change(List.of(LOCAL, OTHER), List.of(), List.of(new CpgMember(JOINER, CpgReason.JOIN)));
		assertThat(this.delivered.events()).hasSize(2);
	}

	@Test
	void aMemberThatIsGoneWithoutAChangeIsReportedAsGoneWithTheNextChange() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 3), this.delivered);
		change(List.of(LOCAL, JOINER), List.of(), List.of(new CpgMember(JOINER, CpgReason.JOIN)));
		CpgConfigurationChange change = last(CpgConfigurationChange.class);
		assertThat(change.left()).containsExactly(new CpgMember(OTHER, CpgReason.NODEDOWN));
		assertThat(change.joined()).containsExactly(new CpgMember(JOINER, CpgReason.JOIN));
	}

	@Test
	void aMemberOnANodeThatIsGoneIsGoneIfTheDaemonCountsItNoMore() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 3), this.delivered);
		assertThat(this.decoder.dueMillis()).isPositive();
		this.decoder.releaseDue(this.delivered);
		assertThat(this.delivered.events()).as("before the daemon has answered").hasSize(3);
		this.counted = List.of(LOCAL);
		releaseAnswers();
		CpgConfigurationChange change = last(CpgConfigurationChange.class);
		assertThat(change.left()).containsExactly(new CpgMember(OTHER, CpgReason.NODEDOWN));
		assertThat(change.view()).isEqualTo(new CpgView(new RingId(1, 0x34), List.of(LOCAL)));
		assertThat(this.decoder.dueMillis()).isZero();
	}

	@Test
	void aMemberOnANodeThatIsGoneStaysAsLongAsTheDaemonCountsIt() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 3), this.delivered);
		this.counted = List.of(LOCAL, OTHER);
		this.questions.remove().run();
		releaseAnswer();
		assertThat(this.questions).as("the answer agrees").isEmpty();
		assertThat(this.decoder.dueMillis()).isZero();
		assertThat(this.delivered.events()).hasSize(3);
		assertThat(last(CpgTotemConfiguration.class).view().members()).containsExactly(LOCAL, OTHER);
	}

	@Test
	void anAnswerForAnotherRingIsIgnored() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 3), this.delivered);
		this.questions.remove().run();
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x38), 1, 2, 3), this.delivered);
		this.decoder.releaseDue(this.delivered);
		assertThat(last(CpgTotemConfiguration.class).view().members()).containsExactly(LOCAL, OTHER);
	}

	@Test
	void aMemberOnANodeThatHasComeIsThereIfTheDaemonCountsIt() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2, 3, 4), this.delivered);
		CpgAddress come = new CpgAddress(4, 44);
		this.counted = List.of(LOCAL, OTHER, JOINER, come);
		releaseAnswers();
		CpgConfigurationChange change = last(CpgConfigurationChange.class);
		assertThat(change.left()).isEmpty();
		assertThat(change.joined()).as("a join on the other nodes is announced")
			.containsExactly(new CpgMember(come, CpgReason.NODEUP));
		assertThat(change.view()).isEqualTo(new CpgView(new RingId(1, 0x34), List.of(LOCAL, OTHER, come)));
		change(List.of(LOCAL, OTHER), List.of(new CpgMember(come, CpgReason.LEAVE)), List.of());
		change(List.of(LOCAL, OTHER, come), List.of(), List.of(new CpgMember(come, CpgReason.JOIN)));
		assertThat(last(CpgConfigurationChange.class).joined()).containsExactly(new CpgMember(come, CpgReason.JOIN));
	}

	@Test
	void whoCameWithANodeIsFoundThoughAnotherRingFollowsBeforeTheAnswer() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2, 3, 4), this.delivered);
		Runnable first = this.questions.remove();
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x38), 1, 2, 3, 4), this.delivered);
		assertThat(this.questions).as("one is asked at a time").isEmpty();
		CpgAddress come = new CpgAddress(4, 44);
		this.counted = List.of(LOCAL, OTHER, come);
		first.run();
		Awaitility.await().until(() -> {
			this.decoder.releaseDue(this.delivered);
			return !this.questions.isEmpty();
		});
		this.questions.remove().run();
		releaseAnswer();
		assertThat(last(CpgConfigurationChange.class).joined()).containsExactly(new CpgMember(come, CpgReason.NODEUP));
	}

	@Test
	void anAnswerThatAChangeFollowedIsIgnored() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2, 3, 4), this.delivered);
		CpgAddress gone = new CpgAddress(4, 44);
		this.counted = List.of(LOCAL, OTHER, gone);
		this.questions.remove().run();
		change(List.of(LOCAL, OTHER), List.of(new CpgMember(gone, CpgReason.LEAVE)), List.of());
		this.decoder.releaseDue(this.delivered);
		assertThat(this.delivered.events()).as("what followed the join: the ring").hasSize(3);
	}

	@Test
	void whatCameBeforeTheAnswerIsReportedAsTheDaemonReportsIt() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2, 3, 4), this.delivered);
		CpgAddress come = new CpgAddress(4, 44);
		this.counted = List.of(LOCAL, OTHER, come);
		this.questions.remove().run();
		this.decoder.releaseDue(this.delivered);
		int before = this.delivered.events().size();
		change(List.of(LOCAL, OTHER, come), List.of(), List.of(new CpgMember(come, CpgReason.JOIN)));
		this.decoder.releaseDue(this.delivered);
		assertThat(this.delivered.events()).hasSize(before + 1);
		assertThat(last(CpgConfigurationChange.class).joined()).containsExactly(new CpgMember(come, CpgReason.JOIN));
	}

	@Test
	void aMemberWhoseJoinWaitsBehindOtherEventsIsReportedWhereTheDaemonReportsIt() {
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2, 3, 4), this.delivered);
		CpgAddress come = new CpgAddress(4, 44);
		this.counted = List.of(LOCAL, OTHER, come);
		int before = this.delivered.events().size();
		for (int i = 0; i < 4; i++) {
			Awaitility.await().until(() -> {
				this.decoder.releaseDue(this.delivered);
				return !this.questions.isEmpty();
			});
			this.questions.remove().run();
			fragment(FragmentType.FIRST);
			releaseAnswer();
		}
		assertThat(this.delivered.events()).as("what the daemon counts is not calm").hasSize(before);
		change(List.of(LOCAL, OTHER, come), List.of(), List.of(new CpgMember(come, CpgReason.JOIN)));
		assertThat(last(CpgConfigurationChange.class).joined()).containsExactly(new CpgMember(come, CpgReason.JOIN));
		assertThat(this.decoder.dueMillis()).as("nothing is asked any more").isZero();
	}

	/** The first one was asked for amid events, the second one is calm. */
	private void releaseAnswers() {
		int before = this.delivered.events().size();
		this.questions.remove().run();
		releaseAnswer();
		assertThat(this.delivered.events()).hasSize(before);
		this.questions.remove().run();
		releaseAnswer();
	}

	/** With the first look the answer is noticed, with the second one it is taken. */
	private void releaseAnswer() {
		this.decoder.releaseDue(this.delivered);
		assertThat(this.decoder.dueMillis()).isEqualTo(1);
		this.decoder.releaseDue(this.delivered);
	}

	@Test
	void theDaemonIsNotAskedWhenThisMemberJoins() {
		assertThat(this.questions).isEmpty();
		assertThat(this.decoder.dueMillis()).isZero();
	}

	@Test
	void aMemberThatIsThereWithoutAChangeIsReportedAsJoinedWithTheNextChange() {
		change(List.of(LOCAL, JOINER), List.of(new CpgMember(OTHER, CpgReason.LEAVE)), List.of());
		CpgConfigurationChange change = last(CpgConfigurationChange.class);
		assertThat(change.left()).containsExactly(new CpgMember(OTHER, CpgReason.LEAVE));
		assertThat(change.joined()).containsExactly(new CpgMember(JOINER, CpgReason.UNDEFINED));
	}

	@Test
	void aMemberThatJoinsOnceMoreHasLeftInBetween() {
		change(List.of(LOCAL, OTHER), List.of(), List.of(new CpgMember(OTHER, CpgReason.NODEUP)));
		this.decoder.decode(Frames.totemConfiguration(new RingId(1, 0x34), 1, 2), this.delivered);
		CpgConfigurationChange change = last(CpgConfigurationChange.class);
		assertThat(change.left()).containsExactly(new CpgMember(OTHER, CpgReason.UNDEFINED));
		assertThat(change.joined()).containsExactly(new CpgMember(OTHER, CpgReason.NODEUP));
	}

	@Test
	void aLeaveThatAnotherProgramMadeIsNotBlamedOnAnEarlierConnection() {
		assertThatExceptionOfType(CorosyncException.class)
			.isThrownBy(() -> change(List.of(OTHER), List.of(new CpgMember(LOCAL, CpgReason.LEAVE)), List.of()))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.NOT_EXIST))
			.withMessageContaining("another program of this node left the group")
			.withMessageContaining("'orders'")
			.withMessageContaining("(memberId)")
			.satisfies((ex) -> assertThat(ex.setting()).isEqualTo(CorosyncSetting.MEMBER_ID))
			.withMessageNotContaining("earlier connection");
	}

	@Test
	void theEndOfAnEarlierConnectionIsReportedAsSuch() {
		assertThatExceptionOfType(CorosyncException.class)
			.isThrownBy(() -> change(List.of(OTHER), List.of(new CpgMember(LOCAL, CpgReason.PROCDOWN)), List.of()))
			.withMessageContaining("an earlier connection with this member's id");
	}

	private SendFuture send(int length) {
		SendFuture send = new SendFuture(length, this.hash.of(new byte[length], length), Long.MAX_VALUE / 2);
		this.pending.append(send);
		return send;
	}

	private void fragment(int type) {
		fragment(type, 3);
	}

	private void fragment(int type, int parts) {
		this.decoder.decode(Frames.partialDeliver(GROUP, LOCAL, type, parts * PART.length, PART), this.delivered);
	}

	private void change(List<CpgAddress> members, List<CpgMember> left, List<CpgMember> joined) {
		this.decoder.decode(Frames.configurationChange(GROUP, members, left, joined), this.delivered);
	}

	private <T> T last(Class<T> type) {
		List<T> events = this.delivered.events().stream().filter(type::isInstance).map(type::cast).toList();
		return events.get(events.size() - 1);
	}

}

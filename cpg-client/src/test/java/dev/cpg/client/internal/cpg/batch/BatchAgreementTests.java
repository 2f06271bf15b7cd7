package dev.cpg.client.internal.cpg.batch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Members that see the same changes and announcements in the same order, each from its
 * own join on.
 */
class BatchAgreementTests {

	private static final int CASES = 2_000;

	private final List<Member> members = new ArrayList<>();

	private final Set<Long> epochs = new HashSet<>();

	private long numbers;

	@Test
	void anEpochBeginsWithTheLastAnnouncementOfTheSameMembersAndEndsWithAJoin() {
		Member first = join(new Member(1, true));
		Member second = join(new Member(2, true));
		announce(first);
		assertThat(epoch()).isEqualTo(BatchAgreement.NONE);
		announce(second);
		long epoch = epoch();
		assertThat(epoch).isNotEqualTo(BatchAgreement.NONE);
		leave(first);
		assertThat(epoch()).as("after a leave").isEqualTo(epoch);
		join(first);
		assertThat(epoch()).as("after a join").isEqualTo(BatchAgreement.NONE);
		announce(first);
		announce(second);
		assertThat(epoch()).isNotEqualTo(BatchAgreement.NONE).isNotEqualTo(epoch);
	}

	@Test
	void oneThatHasLeftHasNoEpochAndAwaitsNobody() {
		Member first = join(new Member(1, true));
		Member deaf = join(new Member(2, false));
		announce(first);
		leave(deaf);
		announce(first);
		assertThat(first.agreement.epoch()).isNotEqualTo(BatchAgreement.NONE);
		first.agreement.changed(new CpgEvents.ConfigurationChange(List.of(deaf.address),
				List.of(new CpgMember(first.address, CpgReason.LEAVE)), List.of()));
		assertThat(first.agreement.epoch()).isEqualTo(BatchAgreement.NONE);
		assertThat(first.agreement.silent()).isEmpty();
		assertThat(first.agreement.isDue()).isFalse();
	}

	@Test
	void oneThatDoesNotAnnounceItselfEndsItUntilItLeaves() {
		Member first = join(new Member(1, true));
		Member deaf = join(new Member(2, false));
		announce(first);
		assertThat(epoch()).isEqualTo(BatchAgreement.NONE);
		assertThat(first.agreement.isDue()).isFalse();
		assertThat(first.agreement.silent()).containsExactly(deaf.address);
		leave(deaf);
		assertThat(first.agreement.silent()).isEmpty();
		assertThat(first.agreement.isDue()).as("to be announced again").isTrue();
		announce(first);
		assertThat(epoch()).isNotEqualTo(BatchAgreement.NONE);
	}

	@Test
	void aMemberThatCountsOthersThanTheChangesSaySendsNoneAndReadsThem() {
		Member first = join(new Member(1, true));
		Member second = join(new Member(2, true));
		announce(first);
		announce(second);
		long epoch = epoch();
		first.agreement.corrected(List.of(first.address, second.address, new CpgAddress(3, 3)));
		assertThat(first.agreement.epoch()).isEqualTo(BatchAgreement.NONE);
		assertThat(first.agreement.silent()).containsExactly(new CpgAddress(3, 3));
		assertThat(first.agreement.isPresent(epoch)).isTrue();
		first.agreement.corrected(List.of(second.address, first.address));
		assertThat(first.agreement.epoch()).isEqualTo(epoch);
		assertThat(first.agreement.silent()).isEmpty();
	}

	@Test
	void anAnnouncementOfOtherMembersCountsForNothing() {
		Member first = join(new Member(1, true));
		long early = first.agreement.announce();
		Member second = join(new Member(2, true));
		deliver(first, early);
		announce(second);
		assertThat(epoch()).isEqualTo(BatchAgreement.NONE);
	}

	/** As corosync can mix up the changes of two groups. */
	@Test
	void oneThatSawAnotherChangeThanTheOthersComesBack() {
		Member first = join(new Member(1, true));
		Member second = join(new Member(2, true));
		announce(first);
		announce(second);
		long epoch = epoch();
		first.agreement.changed(new CpgEvents.ConfigurationChange(List.of(first.address, second.address), List.of(),
				List.of(new CpgMember(second.address, CpgReason.JOIN))));
		assertThat(first.agreement.isPresent(epoch)).isFalse();
		assertThat(first.agreement.isDue()).isTrue();
		announce(first);
		assertThat(epoch()).isEqualTo(BatchAgreement.NONE);
		assertThat(second.agreement.isDue()).isTrue();
		announce(second);
		assertThat(epoch()).isNotEqualTo(BatchAgreement.NONE).isNotEqualTo(epoch);
		assertThat(first.agreement.isDue()).isFalse();
	}

	@Test
	void oneThatHasAnotherEpochThanTheOthersAnnouncesItself() {
		Member first = join(new Member(1, true));
		announce(first);
		assertThat(first.agreement.isPresent(epoch())).isTrue();
		assertThat(first.agreement.isDue()).isFalse();
		assertThat(first.agreement.isPresent(epoch() + 1)).isFalse();
		assertThat(first.agreement.isDue()).isTrue();
	}

	@Test
	void anAnnouncementThatALeaveOvertookIsRepeated() {
		Member first = join(new Member(1, true));
		Member second = join(new Member(2, true));
		announce(first);
		announce(second);
		long early = first.agreement.announce();
		leave(second);
		deliver(first, early);
		assertThat(epoch()).isEqualTo(BatchAgreement.NONE);
		assertThat(first.agreement.isDue()).isTrue();
	}

	@Test
	void onlyOneThatAnnouncedItselfOrWasThereBeforeMayHaveSentABatch() {
		Member old = join(new Member(1, true));
		Member deaf = join(new Member(2, false));
		Member joiner = join(new Member(3, true));
		assertThat(old.agreement.mayBatch(deaf.address)).isFalse();
		assertThat(old.agreement.mayBatch(joiner.address)).isFalse();
		assertThat(joiner.agreement.mayBatch(old.address)).isTrue();
		announce(joiner);
		assertThat(old.agreement.mayBatch(joiner.address)).isTrue();
		leave(joiner);
		join(joiner);
		assertThat(old.agreement.mayBatch(joiner.address)).as("after another join").isFalse();
		CpgAddress other = new CpgAddress(9, 9);
		old.agreement.changed(new CpgEvents.ConfigurationChange(List.of(old.address, deaf.address, other), List.of(),
				List.of(new CpgMember(other, CpgReason.NODEUP))));
		assertThat(old.agreement.mayBatch(other)).as("of another ring").isTrue();
	}

	/**
	 * Whatever happens: all have the same epoch at each place, none is there while one
	 * does not read batches, and none comes twice.
	 */
	@Test
	void allAgreeOnEachEpoch() {
		int begun = 0;
		for (int seed = 0; seed < CASES; seed++) {
			Random random = new Random(seed);
			this.members.clear();
			join(new Member(0, true));
			List<Runnable> underWay = new ArrayList<>();
			long last = BatchAgreement.NONE;
			for (int step = 0; step < 60; step++) {
				step(random, underWay);
				long epoch = epoch();
				if (epoch != last && epoch != BatchAgreement.NONE) {
					assertThat(this.members).allMatch((member) -> member.reads);
					assertThat(this.epochs.add(epoch)).as("a new one").isTrue();
					begun++;
				}
				last = epoch;
			}
		}
		assertThat(begun).isGreaterThan(CASES);
	}

	private void step(Random random, List<Runnable> underWay) {
		int choice = random.nextInt(20);
		if (choice == 0 && this.members.size() < 4) {
			int id = 1 + random.nextInt(6);
			if (this.members.stream().noneMatch((member) -> member.address.nodeId() == id)) {
				join(new Member(id, random.nextInt(5) > 0));
			}
		}
		else if (choice == 1 && this.members.size() > 1) {
			leave(this.members.get(random.nextInt(this.members.size())));
		}
		else if (choice < 10) {
			Member member = this.members.get(random.nextInt(this.members.size()));
			if (member.reads && (member.agreement.isDue() || random.nextInt(10) == 0)) {
				long seen = member.agreement.announce();
				underWay.add(() -> deliverIfThere(member, seen));
			}
		}
		else if (!underWay.isEmpty()) {
			underWay.remove(0).run();
		}
	}

	/** Returns the epoch that all have. */
	private long epoch() {
		List<Long> all = this.members.stream()
			.filter((member) -> member.reads)
			.map((member) -> member.agreement.epoch())
			.distinct()
			.toList();
		assertThat(all).as("epochs").hasSizeLessThan(2);
		return all.isEmpty() ? BatchAgreement.NONE : all.get(0);
	}

	private Member join(Member joiner) {
		joiner.agreement = new BatchAgreement(joiner.address);
		this.members.add(joiner);
		change(List.of(), List.of(new CpgMember(joiner.address, CpgReason.JOIN)));
		return joiner;
	}

	private void leave(Member member) {
		this.members.remove(member);
		change(List.of(new CpgMember(member.address, CpgReason.LEAVE)), List.of());
	}

	private void change(List<CpgMember> left, List<CpgMember> joined) {
		List<CpgAddress> all = this.members.stream().map((member) -> member.address).sorted().toList();
		CpgEvents.ConfigurationChange change = new CpgEvents.ConfigurationChange(all, left, joined);
		this.members.forEach((member) -> member.agreement.changed(change));
	}

	private void announce(Member member) {
		deliver(member, member.agreement.announce());
	}

	/** What a member sent never comes after its leave. */
	private void deliverIfThere(Member sender, long seen) {
		if (this.members.contains(sender)) {
			deliver(sender, seen);
		}
	}

	private void deliver(Member sender, long seen) {
		long number = ++this.numbers;
		this.members.forEach((member) -> member.agreement.announced(sender.address, number, seen, BatchFormat.READS));
	}

	private static final class Member {

		private final CpgAddress address;

		private final boolean reads;

		private BatchAgreement agreement;

		Member(int id, boolean reads) {
			this.address = new CpgAddress(id, id);
			this.reads = reads;
			this.agreement = new BatchAgreement(this.address);
		}

	}

}

package dev.cpg.client.internal.cpg.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgBatchStatistics;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.batch.BatchAgreement;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.batch.OwnBatches;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What members get of the batches of others.
 */
class BatchReaderTests implements OwnBatches {

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private static final CpgAddress LOCAL = new CpgAddress(1, 4711);

	private static final CpgAddress OTHER = new CpgAddress(2, 42);

	private final MembershipState membership = new MembershipState(LOCAL);

	private final BatchAgreement agreement = new BatchAgreement(LOCAL);

	private final DroppedMessages dropped = new DroppedMessages(() -> GROUP, CorosyncSetting::toString);

	private final BatchReader reader = new BatchReader(this.agreement, this, this.dropped);

	private final MessageDecoder decoder = new MessageDecoder(this.membership, new PendingSends((send) -> {
	}, (due) -> {
	}), new ContentHash(), new Reassembler(LOCAL, 1 << 20, 1 << 22, this.dropped), this.dropped, this.reader);

	private final List<String> own = new ArrayList<>();

	private final List<CpgMessage> messages = new ArrayList<>();

	private boolean lends;

	private final DeliverySink sink = new DeliverySink() {

		@Override
		public boolean lends() {
			return BatchReaderTests.this.lends;
		}

		@Override
		public void accept(Delivery delivery) {
			BatchReaderTests.this.messages.add((CpgMessage) delivery);
		}

	};

	private long numbers = 100;

	@BeforeEach
	void beginEpoch() {
		this.membership.beginJoin(GROUP);
		this.decoder.ordered(new CpgEvents.ConfigurationChange(List.of(LOCAL, OTHER), List.of(),
				List.of(new CpgMember(LOCAL, CpgReason.JOIN))));
		long members = this.agreement.announce();
		deliver(LOCAL, head(LOCAL, BatchFormat.ANNOUNCEMENT, members, BatchFormat.READS));
		deliver(OTHER, head(OTHER, BatchFormat.ANNOUNCEMENT, members, BatchFormat.READS));
		assertThat(this.agreement.epoch()).isNotEqualTo(BatchAgreement.NONE);
		assertThat(this.messages).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aBatchIsDeliveredAsItsMessages(boolean lends) {
		this.lends = lends;
		deliver(OTHER, batch(OTHER, this.agreement.epoch(), "one", "", "three"));
		assertThat(texts()).containsExactly("one", "", "three");
		assertThat(this.messages).allSatisfy((message) -> {
			assertThat(message.sender()).isEqualTo(OTHER);
			assertThat(message.local()).isFalse();
		});
		assertThat(this.reader.statistics(0, 0).delivered()).isOne();
		deliver(LOCAL, batch(LOCAL, this.agreement.epoch(), "mine"));
		assertThat(texts()).endsWith("mine");
		assertThat(this.own).containsExactly("delivered 104");
		assertThat(this.reader.statistics(1, 1))
			.isEqualTo(new CpgBatchStatistics(true, true, List.of(), 1, 1, 2, 4, 0));
	}

	@Test
	void aBatchOfAnotherEpochIsDropped() {
		deliver(OTHER, batch(OTHER, 77, "one"));
		deliver(LOCAL, batch(LOCAL, 77, "mine"));
		assertThat(this.messages).isEmpty();
		assertThat(this.own).containsExactly("stale 104");
		assertThat(this.reader.statistics(0, 0).stale()).isEqualTo(2);
		assertThat(this.dropped.count()).isZero();
	}

	@Test
	void aCopyOfOneThatAnotherMemberMadeIsDeliveredAsItIs() {
		byte[] batch = batch(OTHER, this.agreement.epoch(), "one");
		deliver(LOCAL, batch);
		assertThat(this.messages).hasSize(1);
		assertThat(this.messages.get(0).payload()).isEqualTo(batch);
	}

	@Test
	void whatAMemberSendsThatHasNotAnnouncedItselfIsDeliveredAsItIs() {
		CpgAddress joiner = new CpgAddress(3, 7);
		this.decoder.ordered(new CpgEvents.ConfigurationChange(List.of(LOCAL, OTHER, joiner), List.of(),
				List.of(new CpgMember(joiner, CpgReason.JOIN))));
		byte[] batch = batch(joiner, 77, "one");
		deliver(joiner, batch);
		assertThat(this.messages).hasSize(1);
		assertThat(this.messages.get(0).payload()).isEqualTo(batch);
	}

	@Test
	void aBatchThatContradictsItselfIsDroppedAndCounted() {
		Random random = new Random(11);
		long bad = 0;
		for (int i = 0; i < 50_000; i++) {
			this.lends = random.nextBoolean();
			byte[] batch = batch(OTHER, this.agreement.epoch(), "one", "", "three");
			for (int change = random.nextInt(3); change >= 0; change--) {
				batch[BatchFormat.HEAD + random.nextInt(batch.length - BatchFormat.HEAD)] = (byte) random.nextInt();
			}
			batch = Arrays.copyOf(batch, BatchFormat.HEAD + random.nextInt(batch.length - BatchFormat.HEAD + 5));
			int count = (random.nextInt(3) > 0) ? 3 : random.nextInt() >> random.nextInt(32);
			BatchFormat.writeHead(batch, batch.length, OTHER, BatchFormat.BATCH, ++this.numbers, this.agreement.epoch(),
					count);
			this.messages.clear();
			deliver(OTHER, batch);
			if (this.messages.isEmpty()) {
				bad++;
			}
			else {
				assertThat(this.messages).hasSize(count);
			}
			assertThat(this.dropped.count()).isEqualTo(bad);
		}
		assertThat(bad).isPositive();
	}

	private List<String> texts() {
		return this.messages.stream()
			.map((message) -> StandardCharsets.UTF_8.decode(message.buffer()).toString())
			.toList();
	}

	private void deliver(CpgAddress sender, byte[] bytes) {
		this.decoder.deliver(Frames.deliver(GROUP, sender, bytes), CpgView.NONE, this.sink);
	}

	private byte[] head(CpgAddress sender, int type, long tag, int count) {
		byte[] bytes = new byte[BatchFormat.HEAD];
		BatchFormat.writeHead(bytes, bytes.length, sender, type, ++this.numbers, tag, count);
		return bytes;
	}

	private byte[] batch(CpgAddress sender, long epoch, String... texts) {
		ByteBuffer batch = ByteBuffer.allocate(1000).position(BatchFormat.HEAD);
		for (String text : texts) {
			batch.putInt(text.length()).put(text.getBytes(StandardCharsets.UTF_8));
		}
		byte[] bytes = Arrays.copyOf(batch.array(), batch.position());
		BatchFormat.writeHead(bytes, bytes.length, sender, BatchFormat.BATCH, ++this.numbers, epoch, texts.length);
		return bytes;
	}

	@Override
	public void delivered(long number, int length, CpgView view) {
		this.own.add("delivered " + number);
	}

	@Override
	public void stale(long number, int length, byte[] bytes) {
		this.own.add("stale " + number);
	}

	@Override
	public void left() {
		this.own.add("left");
	}

}

package dev.cpg.client.internal.cpg.delivery;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class DeliveredMessageTests {

	private final byte[] room = { 99, 1, 2, 3, 99 };

	private final DeliveredMessage message = new DeliveredMessage(CpgGroupName.of("orders"), CpgView.NONE,
			new CpgAddress(1, 2), false, this.room, 1, 3);

	@Test
	void itsBytesAreReadWhereTheyAre() {
		ByteBuffer buffer = this.message.buffer();
		assertThat(buffer.remaining()).isEqualTo(this.message.length()).isEqualTo(3);
		this.room[1] = 7;
		assertThat(buffer.get()).isEqualTo((byte) 7);
		assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> buffer.put(0, (byte) 1));
	}

	@Test
	void whatTheListenerCopiedIsKept() {
		List<byte[]> payloads = new ArrayList<>();
		dispatch((delivered) -> payloads.add(delivered.payload()));
		this.room[1] = 7;
		assertThat(payloads).hasSize(1);
		assertThat(payloads.get(0)).containsExactly(1, 2, 3);
		assertThat(this.message.payload()).isSameAs(payloads.get(0));
		assertThat(this.message.buffer()).isEqualTo(ByteBuffer.wrap(payloads.get(0)));
	}

	@Test
	void whatTheListenerDidNotCopyIsGone() {
		dispatch((delivered) -> {
		});
		assertThatItsBytesAreGone();
	}

	@Test
	void whatTheListenerDidNotCopyIsGoneThoughItFailed() {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> dispatch((delivered) -> {
			throw new UnsupportedOperationException("thrown by the test");
		}));
		assertThatItsBytesAreGone();
	}

	private void assertThatItsBytesAreGone() {
		assertThat(this.message.length()).isEqualTo(3);
		assertThatIllegalStateException().isThrownBy(this.message::payload).withMessageContaining("keeps no messages");
		assertThatIllegalStateException().isThrownBy(this.message::buffer);
	}

	@Test
	void bytesOfItsOwnStay() {
		DeliveredMessage own = new DeliveredMessage(CpgGroupName.of("orders"), CpgView.NONE, new CpgAddress(1, 2),
				false, this.room);
		dispatch(own, (delivered) -> {
		});
		assertThat(own.payload()).isSameAs(this.room);
		assertThat(own.length()).isEqualTo(5);
		assertThat(own.buffer()).isEqualTo(ByteBuffer.wrap(this.room));
	}

	private void dispatch(Consumer<CpgMessage> listener) {
		dispatch(this.message, listener);
	}

	private static void dispatch(DeliveredMessage message, Consumer<CpgMessage> listener) {
		message.dispatchTo(new ListenerDispatcher(new CpgListener() {

			@Override
			public void delivered(CpgMessage delivered) {
				listener.accept(delivered);
			}

		}, new MembershipState(new CpgAddress(1, 1)), (fault) -> {
		}));
	}

}

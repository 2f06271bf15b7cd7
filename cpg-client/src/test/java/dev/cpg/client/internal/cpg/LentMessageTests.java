package dev.cpg.client.internal.cpg;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LentMessageTests {

	private final byte[] room = { 1, 2, 3, 99, 99 };

	private final LentMessage message = new LentMessage(CpgGroupName.of("orders"), CpgView.NONE, new CpgAddress(1, 2),
			false, this.room, 3);

	@Test
	void itsBytesAreReadWhereTheyAre() {
		ByteBuffer buffer = this.message.buffer();
		assertThat(buffer.remaining()).isEqualTo(this.message.length()).isEqualTo(3);
		this.room[0] = 7;
		assertThat(buffer.get()).isEqualTo((byte) 7);
		assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> buffer.put(0, (byte) 1));
	}

	@Test
	void whatWasCopiedInTimeIsKept() {
		byte[] payload = this.message.payload();
		this.message.takeBack();
		this.room[0] = 7;
		assertThat(payload).containsExactly(1, 2, 3);
		assertThat(this.message.payload()).isSameAs(payload);
		assertThat(this.message.buffer()).isEqualTo(ByteBuffer.wrap(payload));
	}

	@Test
	void whatWasNotIsGone() {
		this.message.takeBack();
		assertThat(this.message.length()).isEqualTo(3);
		assertThatIllegalStateException().isThrownBy(this.message::payload).withMessageContaining("keeps no messages");
		assertThatIllegalStateException().isThrownBy(this.message::buffer);
	}

	@Test
	void aMessageOfItsOwnIsNeverTakenBack() {
		CpgMessage own = new CpgMessage(CpgGroupName.of("orders"), CpgView.NONE, new CpgAddress(1, 2), false,
				this.room);
		assertThat(own.payload()).isSameAs(this.room);
		assertThat(own.length()).isEqualTo(5);
		assertThat(own.buffer()).isEqualTo(ByteBuffer.wrap(this.room));
	}

}

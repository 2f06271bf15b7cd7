package dev.cpg.demo;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.spring.event.CpgDeliverEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Message}.
 */
class MessageTests {

	@Test
	void textIsShownAsText() {
		Message message = received("grüße 🌍\n\ttwo lines".getBytes(StandardCharsets.UTF_8));
		assertThat(message.text()).isEqualTo("grüße 🌍\n\ttwo lines");
		assertThat(message.hex()).isNull();
		assertThat(message.truncated()).isFalse();
	}

	@Test
	void anEmptyMessageIsAnEmptyText() {
		assertThat(received(new byte[0]).text()).isEmpty();
	}

	@Test
	void bytesThatAreNotUtf8AreShownAsHex() {
		Message message = received(new byte[] { 0x68, (byte) 0xff, 0x00 });
		assertThat(message.text()).isNull();
		assertThat(message.hex()).isEqualTo("68 ff 00");
		assertThat(message.size()).isEqualTo(3);
	}

	@Test
	void controlCharactersAreShownAsHex() {
		assertThat(received(new byte[] { 'a', 0x1b, '[', '2', 'J' }).hex()).isEqualTo("61 1b 5b 32 4a");
	}

	@Test
	void onlyTheBeginningOfALongTextIsKept() {
		Message message = received("€".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
		assertThat(message.text()).isEqualTo("€".repeat(4000));
		assertThat(message.truncated()).isTrue();
		assertThat(message.size()).isEqualTo(3_000_000);
	}

	@Test
	void aCharacterIsNotCutInTwo() {
		for (String before : new String[] { "", "a", "ab", "abc" }) {
			Message message = received((before + "🌍".repeat(10_000)).getBytes(StandardCharsets.UTF_8));
			assertThat(message.text()).startsWith(before + "🌍").endsWith("🌍").hasSizeLessThanOrEqualTo(4000);
			assertThat(message.truncated()).isTrue();
		}
	}

	@Test
	void onlyTheBeginningOfManyBytesIsKept() {
		byte[] bytes = new byte[1000];
		bytes[0] = (byte) 0xff;
		Message message = received(bytes);
		assertThat(message.hex()).startsWith("ff 00 00").hasSize(128 * 3 - 1);
		assertThat(message.truncated()).isTrue();
	}

	@Test
	void bytesWithoutATypeAreRaw() {
		Message message = received("from C".getBytes(StandardCharsets.UTF_8));
		assertThat(message.raw()).isTrue();
		assertThat(message.type()).isNull();
	}

	@Test
	void aNoteIsShownByItsText() {
		Message message = Message.ofNote(1,
				new CpgDeliverEvent<>("test", message(new byte[50]), new Note("grüße"), "note", Map.of()));
		assertThat(message.raw()).isFalse();
		assertThat(message.type()).isEqualTo("note");
		assertThat(message.text()).isEqualTo("grüße");
		assertThat(message.size()).as("bytes sent, those around the text included").isEqualTo(50);
	}

	@Test
	void aNoteWithControlCharactersIsShownAsHex() {
		Message message = Message.ofNote(1,
				new CpgDeliverEvent<>("test", message(new byte[50]), new Note("a\u001b[2J"), "note", Map.of()));
		assertThat(message.text()).isNull();
		assertThat(message.hex()).isEqualTo("61 1b 5b 32 4a");
	}

	@Test
	void aMessageOfAnUnknownTypeIsRawAndKeepsTheName() {
		byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
		Message message = Message.ofBytes(1,
				new CpgDeliverEvent<>("test", message(payload), payload, "order", Map.of()));
		assertThat(message.raw()).isTrue();
		assertThat(message.type()).isEqualTo("order");
		assertThat(message.text()).isEqualTo("{}");
	}

	private static Message received(byte[] payload) {
		return Message.ofBytes(1, new CpgDeliverEvent<>("test", message(payload), payload));
	}

	private static CpgMessage message(byte[] payload) {
		return new CpgMessage(CpgGroupName.of("orders"), StubGroup.VIEW, StubGroup.OTHER, false, payload);
	}

}

package dev.cpg.faults.member;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Content}.
 */
class ContentTests {

	@Test
	void idAndNoteAreReadFromTheBytes() {
		Content content = new Content("n1a#2#3", "billing/17");
		assertThat(Content.read(content.bytes(1000))).isEqualTo(content);
		assertThat(Content.read(content.bytes(0))).isEqualTo(content);
	}

	@Test
	void theBytesFollowFromTheId() {
		Content content = new Content("n1a#2#3", Content.NO_NOTE);
		assertThat(content.bytes(1000)).hasSize(1000).isEqualTo(content.bytes(1000));
		assertThat(new Content("n1a#2#4", Content.NO_NOTE).bytes(1000)).isNotEqualTo(content.bytes(1000));
	}

}

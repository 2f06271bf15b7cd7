package dev.cpg.wrong.duplicate;

import dev.cpg.spring.message.CpgMessageType;

/**
 * Two types of one name.
 */
public final class Duplicates {

	private Duplicates() {
	}

	@CpgMessageType("order")
	record Order(int id) {
	}

	@CpgMessageType("order")
	record OldOrder(int id) {
	}

}

package dev.cpg.demo;

import java.util.Objects;

import dev.cpg.spring.message.CpgMessageType;

/**
 * What the services of the demo say to each other.
 *
 * @param text the text; a note without one is none
 */
@CpgMessageType("note")
record Note(String text) {

	Note {
		Objects.requireNonNull(text, "A note has a text");
	}

}

package dev.cpg.demo;

import java.util.Objects;

import dev.cpg.spring.message.CpgMessageType;

/**
 * A message that the services of the demo send to each other.
 *
 * @param text the text, which every note has
 */
@CpgMessageType("note")
public record Note(String text) {

	public Note {
		Objects.requireNonNull(text, "A note has a text");
	}

}

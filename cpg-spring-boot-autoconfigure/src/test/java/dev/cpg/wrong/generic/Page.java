package dev.cpg.wrong.generic;

import java.util.List;

import dev.cpg.spring.message.CpgMessageType;

/**
 * Objects of which do not know what they are pages of.
 *
 * @param <T> what it is a page of
 * @param items what is on it
 */
@CpgMessageType("page")
public record Page<T>(List<T> items) {
}

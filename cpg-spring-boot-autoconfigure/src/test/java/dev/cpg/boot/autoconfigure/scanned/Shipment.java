package dev.cpg.boot.autoconfigure.scanned;

import dev.cpg.spring.message.CpgMessageType;

/**
 * A type that is found by its annotation.
 *
 * @param place where it is
 */
@CpgMessageType("shipment")
public record Shipment(String place) {
}

package dev.cpg.boot.autoconfigure.scanned;

import dev.cpg.spring.message.CpgMessageType;

/**
 * A type that only its own package knows of.
 *
 * @param weight what it weighs
 */
@CpgMessageType("parcel")
record Parcel(int weight) {
}

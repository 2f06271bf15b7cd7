package dev.cpg.docs.testing;

import dev.cpg.spring.message.CpgMessageType;

/**
 * What the members of the service that docs/testing.md tests tell each other.
 */
// snippet:load
@CpgMessageType("load")
record Load(int requests) {
}
// end:load

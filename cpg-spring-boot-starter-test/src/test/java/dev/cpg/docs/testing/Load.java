package dev.cpg.docs.testing;

import dev.cpg.spring.message.CpgMessageType;

/**
 * The load that members of the service in docs/testing.md report to each other.
 */
// snippet:load
@CpgMessageType("load")
record Load(int requests) {
}
// end:load

package dev.cpg.docs;

import dev.cpg.spring.message.CpgMessageType;

// snippet:order
@CpgMessageType("order")
record Order(int id, String item) {
}
// end:order

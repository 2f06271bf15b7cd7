package dev.cpg.wrong.unreadable;

import dev.cpg.spring.message.CpgMessageType;

/**
 * JSON does not say which it is.
 */
@CpgMessageType("shape")
public sealed interface Shape permits Circle {

}

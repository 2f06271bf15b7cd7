/**
 * Finds the types of typed messages, those of {@code cpg.messages.types} and annotated
 * classes, and checks them at the start. It is for the auto-configuration; applications
 * do not need it.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.messages;

import org.jspecify.annotations.NullMarked;

/**
 * How the client and the layers above it write to the log: under names that users set
 * levels for, with key-values, and with nothing in a line that could write another.
 */
@NullMarked
package dev.cpg.client.log;

import org.jspecify.annotations.NullMarked;

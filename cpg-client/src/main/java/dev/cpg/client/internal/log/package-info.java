/**
 * How the client and the Spring layer write to the log: under names that users set levels
 * for, with key-values, and with nothing in a line that could forge another line.
 */
@NullMarked
package dev.cpg.client.internal.log;

import org.jspecify.annotations.NullMarked;

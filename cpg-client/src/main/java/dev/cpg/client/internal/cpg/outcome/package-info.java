/**
 * What became of each message sent: recognised when it comes back, decided, and reported
 * to whoever holds its future.
 */
@NullMarked
package dev.cpg.client.internal.cpg.outcome;

import org.jspecify.annotations.NullMarked;

/**
 * Sending: messages in one frame or in fragments, and what makes a sender wait.
 */
@NullMarked
package dev.cpg.client.internal.cpg.send;

import org.jspecify.annotations.NullMarked;

/**
 * Many messages in one multicast: the bytes of batches, and the members' agreement on
 * when there may be any.
 */
@NullMarked
package dev.cpg.client.internal.cpg.batch;

import org.jspecify.annotations.NullMarked;

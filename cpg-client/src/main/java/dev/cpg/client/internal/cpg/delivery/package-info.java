/**
 * From the daemon's events to the listener: reading, decoding, reassembly of fragments,
 * the queue, and who reads.
 */
@NullMarked
package dev.cpg.client.internal.cpg.delivery;

import org.jspecify.annotations.NullMarked;

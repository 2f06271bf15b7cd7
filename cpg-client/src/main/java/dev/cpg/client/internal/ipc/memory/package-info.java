/**
 * Memory shared with the daemon: mapped files, the rings in them, and the frames in the
 * rings.
 */
@NullMarked
package dev.cpg.client.internal.ipc.memory;

import org.jspecify.annotations.NullMarked;

/**
 * Explains why a start failed that was to end with a connection to Corosync and a
 * membership, and what to do about it.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;

/**
 * Explains why a fail-fast start could not connect or join, and what to do about it.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.diagnostics;

import org.jspecify.annotations.NullMarked;

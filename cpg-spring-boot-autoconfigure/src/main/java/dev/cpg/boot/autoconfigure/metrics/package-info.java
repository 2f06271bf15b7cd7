/**
 * Meters of the membership in a group.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;

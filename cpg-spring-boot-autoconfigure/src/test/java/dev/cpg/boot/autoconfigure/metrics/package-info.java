/**
 * Tests of the meters.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;

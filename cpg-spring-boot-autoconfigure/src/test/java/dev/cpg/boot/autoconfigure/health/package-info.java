/**
 * Tests of the health.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;

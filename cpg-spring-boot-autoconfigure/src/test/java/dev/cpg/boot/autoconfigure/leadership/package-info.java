/**
 * Tests of the leadership.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.leadership;

import org.jspecify.annotations.NullMarked;

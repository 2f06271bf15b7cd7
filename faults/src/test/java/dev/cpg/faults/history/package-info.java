/**
 * Tests of the histories.
 */
@NullMarked
package dev.cpg.faults.history;

import org.jspecify.annotations.NullMarked;

/**
 * Tests of the checks: each finds what it is for.
 */
@NullMarked
package dev.cpg.faults.check;

import org.jspecify.annotations.NullMarked;

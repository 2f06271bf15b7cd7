/**
 * The time from the death of a leader to the grant of another one, beside what others
 * elect leaders with.
 */
@NullMarked
package dev.cpg.benchmarks.failover;

import org.jspecify.annotations.NullMarked;

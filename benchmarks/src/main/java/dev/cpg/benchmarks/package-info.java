/**
 * Measures the client side by side with libcpg: a peer of each executes the same commands
 * in a process of its own, alternately on one daemon. Also runs the benchmarks of the
 * Spring layer.
 */
@NullMarked
package dev.cpg.benchmarks;

import org.jspecify.annotations.NullMarked;

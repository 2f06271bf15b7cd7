/**
 * Measures the client side by side with libcpg: a peer of each, which obey the same
 * commands in processes of their own, and what runs them alternately on one daemon. And
 * runs what measures the layer of Spring.
 */
@NullMarked
package dev.cpg.benchmarks;

import org.jspecify.annotations.NullMarked;

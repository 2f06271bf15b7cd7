/**
 * Clusters for tests: of real Corosync daemons on one machine, without root, or inside
 * the JVM.
 */
@NullMarked
package dev.cpg.test;

import org.jspecify.annotations.NullMarked;

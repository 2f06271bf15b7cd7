/**
 * Real Corosync clusters for tests, on one machine and without root.
 */
@NullMarked
package dev.cpg.test;

import org.jspecify.annotations.NullMarked;

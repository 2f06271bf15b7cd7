/**
 * The cluster inside the JVM, its members side by side, and what happens to them on
 * demand. None of it is there on Corosync.
 */
@NullMarked
package dev.cpg.demo.cluster;

import org.jspecify.annotations.NullMarked;

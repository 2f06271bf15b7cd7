/**
 * What each process of a run has seen and done, written line by line to a file of its
 * own.
 */
@NullMarked
package dev.cpg.faults.history;

import org.jspecify.annotations.NullMarked;

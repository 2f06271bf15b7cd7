/**
 * A member under faults: a process that sends, elects, acts as a leader, and records all
 * of that.
 */
@NullMarked
package dev.cpg.faults.member;

import org.jspecify.annotations.NullMarked;

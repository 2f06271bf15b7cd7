/**
 * Members on real Corosync clusters under random faults, and the checks of what they saw.
 */
@NullMarked
package dev.cpg.faults;

import org.jspecify.annotations.NullMarked;

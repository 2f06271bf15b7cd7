/**
 * What must hold in the histories of a round, whatever faults there were.
 */
@NullMarked
package dev.cpg.faults.check;

import org.jspecify.annotations.NullMarked;

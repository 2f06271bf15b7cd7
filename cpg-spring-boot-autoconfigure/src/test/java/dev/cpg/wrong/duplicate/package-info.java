/**
 * Two types of one name.
 */
@NullMarked
package dev.cpg.wrong.duplicate;

import org.jspecify.annotations.NullMarked;

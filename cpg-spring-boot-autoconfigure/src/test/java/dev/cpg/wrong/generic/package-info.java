/**
 * A type that is generic.
 */
@NullMarked
package dev.cpg.wrong.generic;

import org.jspecify.annotations.NullMarked;

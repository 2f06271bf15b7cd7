/**
 * A type that JSON cannot make.
 */
@NullMarked
package dev.cpg.wrong.unreadable;

import org.jspecify.annotations.NullMarked;

/**
 * A type that is an event of Spring's.
 */
@NullMarked
package dev.cpg.wrong.event;

import org.jspecify.annotations.NullMarked;

/**
 * A stand-in for the client, for faults that a real daemon cannot be made to have.
 */
@NullMarked
package dev.cpg.fake;

import org.jspecify.annotations.NullMarked;

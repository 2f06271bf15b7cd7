/**
 * Tests of the membership.
 */
@NullMarked
package dev.cpg.spring.message;

import org.jspecify.annotations.NullMarked;

/**
 * Tests of the membership.
 */
@NullMarked
package dev.cpg.spring;

import org.jspecify.annotations.NullMarked;

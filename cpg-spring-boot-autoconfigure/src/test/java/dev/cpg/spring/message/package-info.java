/**
 * Tests of typed messages.
 */
@NullMarked
package dev.cpg.spring.message;

import org.jspecify.annotations.NullMarked;

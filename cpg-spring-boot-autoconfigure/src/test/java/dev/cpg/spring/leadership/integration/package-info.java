/**
 * Tests of leadership for Spring Integration.
 */
@NullMarked
package dev.cpg.spring.leadership.integration;

import org.jspecify.annotations.NullMarked;

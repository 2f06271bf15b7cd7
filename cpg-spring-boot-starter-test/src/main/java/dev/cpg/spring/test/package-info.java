/**
 * Tests of services in groups: a cluster for each test class, assertions that wait, and
 * the recorded events.
 */
@NullMarked
package dev.cpg.spring.test;

import org.jspecify.annotations.NullMarked;

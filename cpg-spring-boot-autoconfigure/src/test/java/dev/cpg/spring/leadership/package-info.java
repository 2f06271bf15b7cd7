/**
 * Tests of what users see of leadership, on a leadership that the test grants.
 */
@NullMarked
package dev.cpg.spring.leadership;

import org.jspecify.annotations.NullMarked;

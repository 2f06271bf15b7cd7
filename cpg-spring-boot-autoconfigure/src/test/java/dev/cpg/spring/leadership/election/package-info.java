/**
 * Tests of the election of leaders.
 */
@NullMarked
package dev.cpg.spring.leadership.election;

import org.jspecify.annotations.NullMarked;

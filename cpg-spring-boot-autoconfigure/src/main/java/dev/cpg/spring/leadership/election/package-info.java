/**
 * Who leads: the election of one leader for each role of a group, as a state machine
 * without threads, and the messages that the members exchange for it.
 */
@NullMarked
package dev.cpg.spring.leadership.election;

import org.jspecify.annotations.NullMarked;

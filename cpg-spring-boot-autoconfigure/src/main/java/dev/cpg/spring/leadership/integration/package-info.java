/**
 * Leadership for Spring Integration: its candidates and its events.
 */
@NullMarked
package dev.cpg.spring.leadership.integration;

import org.jspecify.annotations.NullMarked;

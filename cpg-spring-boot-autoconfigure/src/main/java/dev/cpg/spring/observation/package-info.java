/**
 * Observations of sent and delivered messages, with Micrometer: what is observed, under
 * which names, and how to change these.
 */
@NullMarked
package dev.cpg.spring.observation;

import org.jspecify.annotations.NullMarked;

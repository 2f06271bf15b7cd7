/**
 * Time limits, locks, threads and the timer that every other package waits with.
 */
@NullMarked
package dev.cpg.client.internal.concurrent;

import org.jspecify.annotations.NullMarked;

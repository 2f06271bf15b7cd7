/**
 * What the layer of Spring costs: for each message, above the client, and when a service
 * starts.
 */
@NullMarked
package dev.cpg.benchmarks.spring;

import org.jspecify.annotations.NullMarked;

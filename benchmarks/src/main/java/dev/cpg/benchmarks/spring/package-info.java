/**
 * The cost of the Spring layer, above the client, for each message and at the start of a
 * service.
 */
@NullMarked
package dev.cpg.benchmarks.spring;

import org.jspecify.annotations.NullMarked;

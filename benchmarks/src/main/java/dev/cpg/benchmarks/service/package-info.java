/**
 * The service whose start is measured. It is alone in its package, as that is scanned.
 */
@NullMarked
package dev.cpg.benchmarks.service;

import org.jspecify.annotations.NullMarked;

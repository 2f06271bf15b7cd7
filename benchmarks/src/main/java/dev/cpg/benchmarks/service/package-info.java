/**
 * The service whose start is measured, alone in its package as it is scanned.
 */
@NullMarked
package dev.cpg.benchmarks.service;

import org.jspecify.annotations.NullMarked;

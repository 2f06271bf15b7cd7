/**
 * Access to what tests need of a cluster inside the JVM beside its API.
 */
@NullMarked
package dev.cpg.embedded;

import org.jspecify.annotations.NullMarked;

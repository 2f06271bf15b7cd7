/**
 * Tests of services on a cluster inside the JVM.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.embedded;

import org.jspecify.annotations.NullMarked;

/**
 * The tests that the documents show for a cluster inside the JVM.
 */
package dev.cpg.docs.embedded;

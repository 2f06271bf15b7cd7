/**
 * What the documents show, compiled and run, and the tests that hold the documents to it.
 */
@NullMarked
package dev.cpg.docs;

import org.jspecify.annotations.NullMarked;

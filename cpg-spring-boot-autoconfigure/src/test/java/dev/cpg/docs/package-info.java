/**
 * The code that the documents show, compiled and run, and the tests that compare the
 * documents with it.
 */
@NullMarked
package dev.cpg.docs;

import org.jspecify.annotations.NullMarked;

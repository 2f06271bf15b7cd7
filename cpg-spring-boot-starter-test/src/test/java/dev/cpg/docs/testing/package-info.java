/**
 * The code that docs/testing.md shows: a small service and its tests.
 */
@NullMarked
package dev.cpg.docs.testing;

import org.jspecify.annotations.NullMarked;

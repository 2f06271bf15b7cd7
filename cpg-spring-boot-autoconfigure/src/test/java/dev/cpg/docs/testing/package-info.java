/**
 * What docs/testing.md shows: a small service, and the tests of it.
 */
@NullMarked
package dev.cpg.docs.testing;

import org.jspecify.annotations.NullMarked;

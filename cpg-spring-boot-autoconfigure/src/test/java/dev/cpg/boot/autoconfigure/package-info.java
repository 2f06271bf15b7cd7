/**
 * Tests of the auto-configuration.
 */
@NullMarked
package dev.cpg.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;

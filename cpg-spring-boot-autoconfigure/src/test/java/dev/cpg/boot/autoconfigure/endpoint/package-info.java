/**
 * Tests of the endpoint.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;

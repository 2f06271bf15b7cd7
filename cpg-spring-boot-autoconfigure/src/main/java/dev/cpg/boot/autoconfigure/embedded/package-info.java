/**
 * The cluster inside the JVM that a service runs on with {@code cpg.mode=embedded}.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.embedded;

import org.jspecify.annotations.NullMarked;

/**
 * What only the leader runs: the guard of methods, and Spring Integration's candidates.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.leadership;

import org.jspecify.annotations.NullMarked;

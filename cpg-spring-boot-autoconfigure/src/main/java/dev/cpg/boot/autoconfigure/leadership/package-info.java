/**
 * What only the leader runs, the guard of methods and Spring Integration's candidates,
 * and the health that it needs.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.leadership;

import org.jspecify.annotations.NullMarked;

/**
 * The API of the CPG client: a connection to a closed process group, what it tells its
 * listener, and the errors it ends in. An implementation lives in a package of its own;
 * nothing here knows which one is behind it.
 */
@NullMarked
package dev.cpg.client;

import org.jspecify.annotations.NullMarked;

/**
 * The API of the CPG client: connectors, connections, the listener and its events, and
 * the errors. An implementation is a package of its own; nothing here depends on one.
 */
@NullMarked
package dev.cpg.client;

import org.jspecify.annotations.NullMarked;

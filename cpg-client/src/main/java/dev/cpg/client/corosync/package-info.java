/**
 * The connector to a corosync daemon: its settings, the connections that an application
 * holds, and what connectors to one daemon share.
 */
@NullMarked
package dev.cpg.client.corosync;

import org.jspecify.annotations.NullMarked;

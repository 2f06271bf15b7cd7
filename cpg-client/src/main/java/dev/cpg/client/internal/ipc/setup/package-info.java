/**
 * How a connection to a service of the daemon is set up: libqb's handshake, and the rings
 * or sockets that the daemon offers in it.
 */
@NullMarked
package dev.cpg.client.internal.ipc.setup;

import org.jspecify.annotations.NullMarked;

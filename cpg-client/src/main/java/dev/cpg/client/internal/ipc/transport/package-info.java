/**
 * libqb's two transports, shared memory and sockets: how frames reach the daemon and come
 * back.
 */
@NullMarked
package dev.cpg.client.internal.ipc.transport;

import org.jspecify.annotations.NullMarked;

/**
 * A connection to one of the daemon's services by libqb's IPC: the handshake, requests
 * with one response each, frames without a response, and the end. It knows no service.
 */
@NullMarked
package dev.cpg.client.internal.ipc;

import org.jspecify.annotations.NullMarked;

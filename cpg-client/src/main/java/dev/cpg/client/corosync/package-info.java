/**
 * The CPG client on a running corosync daemon: libqb's IPC, over shared memory and over
 * sockets, in Java.
 * <p>
 * From the bottom up: {@link dev.cpg.client.corosync.RingLayout} and
 * {@link dev.cpg.client.corosync.MappedRing} are the shared memory,
 * {@link dev.cpg.client.corosync.RequestRing} and
 * {@link dev.cpg.client.corosync.ReceiveRing} its two directions,
 * {@link dev.cpg.client.corosync.Doorbell} the byte that wakes the daemon;
 * {@link dev.cpg.client.corosync.ShmTransport} puts them together.
 * {@link dev.cpg.client.corosync.SocketTransport} is the other way.
 * {@link dev.cpg.client.corosync.CpgProtocol} knows the messages,
 * {@link dev.cpg.client.corosync.Link} lets many threads use one transport,
 * {@link dev.cpg.client.corosync.Session} is the membership and the threads above it, and
 * {@link dev.cpg.client.corosync.CorosyncConnection} is what the application sees: one
 * session after the other.
 */
@NullMarked
package dev.cpg.client.corosync;

import org.jspecify.annotations.NullMarked;

/**
 * Corosync's CPG service: its protocol, one session with one membership, sending, reading
 * and delivery.
 * <p>
 * {@link dev.cpg.client.internal.cpg.CpgRequests} and
 * {@link dev.cpg.client.internal.cpg.CpgEvents} are the protocol. Out:
 * {@link dev.cpg.client.internal.cpg.Multicaster} sends messages. In:
 * {@link dev.cpg.client.internal.cpg.EventPump} reads events, which
 * {@link dev.cpg.client.internal.cpg.EventDecoder} makes a
 * {@link dev.cpg.client.internal.cpg.Delivery} of, and calls the listener.
 * {@link dev.cpg.client.internal.cpg.CpgSession} puts them together.
 */
@NullMarked
package dev.cpg.client.internal.cpg;

import org.jspecify.annotations.NullMarked;

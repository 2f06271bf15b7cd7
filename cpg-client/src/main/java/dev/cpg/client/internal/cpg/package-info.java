/**
 * Corosync's CPG service: one connection to it with one membership, whose parts are the
 * packages below.
 * <p>
 * {@link dev.cpg.client.internal.cpg.protocol.CpgRequests} and
 * {@link dev.cpg.client.internal.cpg.protocol.CpgEvents} are the protocol. Out:
 * {@link dev.cpg.client.internal.cpg.send.Multicaster} sends messages. In:
 * {@link dev.cpg.client.internal.cpg.delivery.EventPump} reads events, which
 * {@link dev.cpg.client.internal.cpg.delivery.EventDecoder} decodes, and calls the
 * listener. {@link dev.cpg.client.internal.cpg.CpgSession} puts them together.
 */
@NullMarked
package dev.cpg.client.internal.cpg;

import org.jspecify.annotations.NullMarked;

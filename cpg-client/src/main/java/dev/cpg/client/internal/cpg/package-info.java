/**
 * Corosync's CPG service: its protocol, one session with one membership, sending, reading
 * and delivery.
 */
@NullMarked
package dev.cpg.client.internal.cpg;

import org.jspecify.annotations.NullMarked;

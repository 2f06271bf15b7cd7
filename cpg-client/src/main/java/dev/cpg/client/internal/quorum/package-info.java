/**
 * Corosync's quorum service, which says whether the nodes of the ring may act for the
 * cluster.
 */
@NullMarked
package dev.cpg.client.internal.quorum;

import org.jspecify.annotations.NullMarked;

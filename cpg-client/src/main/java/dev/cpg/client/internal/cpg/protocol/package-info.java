/**
 * The messages of corosync's CPG service, as they are on the wire.
 */
@NullMarked
package dev.cpg.client.internal.cpg.protocol;

import org.jspecify.annotations.NullMarked;

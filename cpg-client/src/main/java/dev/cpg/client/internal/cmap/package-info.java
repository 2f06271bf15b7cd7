/**
 * Corosync's cmap service, which holds the daemon's configuration.
 */
@NullMarked
package dev.cpg.client.internal.cmap;

import org.jspecify.annotations.NullMarked;

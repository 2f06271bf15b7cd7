/**
 * Who the daemon is: the addresses of its services, the users that may run it, and the
 * files that it may offer.
 */
@NullMarked
package dev.cpg.client.internal.ipc.daemon;

import org.jspecify.annotations.NullMarked;

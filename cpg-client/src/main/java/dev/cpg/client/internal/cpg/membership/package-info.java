/**
 * The one membership of a connection: its settings and state, joining and leaving, and
 * who else is a member.
 */
@NullMarked
package dev.cpg.client.internal.cpg.membership;

import org.jspecify.annotations.NullMarked;

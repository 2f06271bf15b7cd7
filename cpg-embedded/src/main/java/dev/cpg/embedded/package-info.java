/**
 * A cluster inside the JVM, for development and tests. An
 * {@link dev.cpg.embedded.EmbeddedCluster} has nodes, each with a daemon; the daemons
 * that reach each other form a ring, order messages in it and agree on the members of
 * groups. What happens next is a {@code Step}, and an {@code Engine} decides which of the
 * possible ones: all of them in turn, in real time, or one that a seeded random chooses.
 */
@NullMarked
package dev.cpg.embedded;

import org.jspecify.annotations.NullMarked;

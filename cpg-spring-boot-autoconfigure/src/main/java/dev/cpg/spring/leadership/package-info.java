/**
 * Leadership: who leads in a role, what only the leader runs, and the token that a
 * resource checks.
 */
@NullMarked
package dev.cpg.spring.leadership;

import org.jspecify.annotations.NullMarked;

/**
 * Health of the membership in a group.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.health;

import org.jspecify.annotations.NullMarked;

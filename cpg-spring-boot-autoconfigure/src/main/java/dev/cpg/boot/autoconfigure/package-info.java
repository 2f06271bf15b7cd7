/**
 * Auto-configuration of the memberships in groups, and its settings.
 */
@NullMarked
package dev.cpg.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;

/**
 * Auto-configuration of the membership in a group, its settings, and what is said when a
 * first start goes wrong.
 */
@NullMarked
package dev.cpg.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;

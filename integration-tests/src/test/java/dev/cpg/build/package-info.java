/**
 * The scripts that build the project.
 */
@NullMarked
package dev.cpg.build;

import org.jspecify.annotations.NullMarked;

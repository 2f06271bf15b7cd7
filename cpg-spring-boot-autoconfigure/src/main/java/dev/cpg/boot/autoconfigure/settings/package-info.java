/**
 * Reads the starter's settings as their sources have them. Binding drops characters from
 * keys and ignores unknown names, without a warning; this package refuses the former and
 * warns of the latter. It is for the auto-configuration; applications do not need it.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.settings;

import org.jspecify.annotations.NullMarked;

/**
 * What an application's packages may hold.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.scanned;

import org.jspecify.annotations.NullMarked;

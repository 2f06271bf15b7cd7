/**
 * Documents that are made of the sources.
 */
@NullMarked
package dev.cpg.docs;

import org.jspecify.annotations.NullMarked;

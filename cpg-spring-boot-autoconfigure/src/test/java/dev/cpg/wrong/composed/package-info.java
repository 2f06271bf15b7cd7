/**
 * Types that are annotated by an annotation of the application's own.
 */
@NullMarked
package dev.cpg.wrong.composed;

import org.jspecify.annotations.NullMarked;

/**
 * The browsers that look at the page: who may, and how they are kept up to date.
 */
@NullMarked
package dev.cpg.demo.browser;

import org.jspecify.annotations.NullMarked;

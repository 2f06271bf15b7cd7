/**
 * A service to look at: the group that it is a member of, live, on a web page.
 */
@NullMarked
package dev.cpg.demo;

import org.jspecify.annotations.NullMarked;

/**
 * The events of a group as Spring application events: in the daemon's order, one at a
 * time.
 */
@NullMarked
package dev.cpg.spring.event;

import org.jspecify.annotations.NullMarked;

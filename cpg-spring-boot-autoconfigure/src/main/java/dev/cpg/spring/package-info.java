/**
 * The membership of a Spring service in a group: who the members are, and sending to
 * them.
 */
@NullMarked
package dev.cpg.spring;

import org.jspecify.annotations.NullMarked;

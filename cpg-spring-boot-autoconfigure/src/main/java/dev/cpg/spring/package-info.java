/**
 * What a Spring service uses of its membership in a group: who is there, and sending.
 */
@NullMarked
package dev.cpg.spring;

import org.jspecify.annotations.NullMarked;

/**
 * Typed messages: what turns objects into messages and messages into objects.
 */
@NullMarked
package dev.cpg.spring.message;

import org.jspecify.annotations.NullMarked;

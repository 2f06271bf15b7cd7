/**
 * Actuator endpoint that shows the groups, their recent changes and numbers of messages.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;

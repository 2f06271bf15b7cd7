/**
 * Actuator endpoint that shows the group, its recent changes and what went through.
 */
@NullMarked
package dev.cpg.boot.autoconfigure.endpoint;

import org.jspecify.annotations.NullMarked;

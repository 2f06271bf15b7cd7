@NullMarked
package dev.cpg.faults;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.cpg.test;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.cpg.spring.test;

import org.jspecify.annotations.NullMarked;

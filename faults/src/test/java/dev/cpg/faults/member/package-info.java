@NullMarked
package dev.cpg.faults.member;

import org.jspecify.annotations.NullMarked;

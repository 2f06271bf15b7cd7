package dev.cpg.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives the tests of a class with a Spring context a cluster of real Corosync daemons on
 * this machine, without root, and puts the service on node 1 of it. All else is as with
 * {@link EmbeddedCpg}: the same tests run on both.
 * <p>
 * If no cluster can run on this machine, the tests are skipped, with the reason; with
 * {@code CPG_REQUIRE_COROSYNC=true} in the environment, they fail.
 *
 * @see CorosyncTest tests without a Spring context
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ResourceLock(providers = OneTestAtATime.class)
@ExtendWith(CpgTestExtension.class)
public @interface CorosyncCpg {

	/**
	 * The number of nodes.
	 * @return 1 to 32
	 */
	int nodes() default 1;

	/**
	 * The token timeout in milliseconds. The death of a node is noticed after 2.2 times
	 * as long.
	 * @return milliseconds
	 */
	int token() default 1000;

	/**
	 * Settings of {@code corosync.conf}.
	 * @return settings such as {@code system.qb_ipc_type=socket}
	 */
	String[] settings() default {};

}

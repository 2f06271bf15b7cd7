package dev.cpg.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Gives JUnit Jupiter tests a {@link CorosyncCluster} as a parameter. On a class, all its
 * tests share one cluster, which is {@linkplain CorosyncCluster#restore() restored}
 * before each; on a method, the test has one of its own. When a test fails, what the
 * daemons logged meanwhile is printed.
 * <p>
 * Where no cluster can be had, the tests are skipped and say why; if the environment
 * variable {@code CPG_REQUIRE_COROSYNC} is {@code true}, they fail.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(CorosyncExtension.class)
public @interface CorosyncTest {

	/**
	 * How many nodes the cluster has.
	 * @return 1 to 32
	 */
	int nodes() default 1;

	/**
	 * The token timeout in milliseconds.
	 * @return milliseconds
	 * @see CorosyncCluster.Builder#token
	 */
	int token() default 1000;

	/**
	 * How the nodes talk to each other.
	 * @return the transport
	 */
	CorosyncCluster.Transport transport() default CorosyncCluster.Transport.KNET;

	/**
	 * Settings of {@code corosync.conf}.
	 * @return settings such as {@code system.qb_ipc_type=socket}
	 * @see CorosyncCluster.Builder#setting
	 */
	String[] settings() default {};

}

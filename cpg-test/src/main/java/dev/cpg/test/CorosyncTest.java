package dev.cpg.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives JUnit Jupiter tests, JUnit 6 or newer, a {@link CorosyncCluster} as a parameter.
 * It is used together with {@code @Test}, not instead of it.
 * <p>
 * On a class, one cluster is shared by all its tests, those of nested classes included,
 * and by its constructor and the methods before and after its tests. It is
 * {@linkplain CorosyncCluster#restore() restored} before each test method, and these run
 * one after the other, even if other tests run in parallel. A method or a nested class
 * that carries the annotation has a cluster of its own, and does not touch the other one;
 * each repetition of a method has a new cluster.
 * <p>
 * When a test fails, the daemons' log lines of that time are printed. If no cluster can
 * run on this machine, the tests are skipped, with the reason; with
 * {@code CPG_REQUIRE_COROSYNC=true} in the environment, they fail. If corosync was built
 * without the transport, they are skipped in any case.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ResourceLock(providers = CorosyncExtension.OneAtATime.class)
@ExtendWith(CorosyncExtension.class)
public @interface CorosyncTest {

	/**
	 * The number of nodes.
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
	 * The transport between the nodes.
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

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
 * It goes beside {@code @Test}, not in its place.
 * <p>
 * On a class, one cluster is shared by all its tests, those of nested classes included,
 * and by its constructor and the methods before and after its tests. It is
 * {@linkplain CorosyncCluster#restore() restored} before each test method, and they run
 * one after the other, however parallel the other tests are. On a method, or on a nested
 * class, the cluster is one of its own, and the other one is not touched; each repetition
 * of a method has a new one.
 * <p>
 * When a test fails, what the daemons logged meanwhile is printed. Where no cluster can
 * be had, the tests are skipped, with the reason; if the environment variable
 * {@code CPG_REQUIRE_COROSYNC} is {@code true}, they fail. Where corosync was built
 * without the transport, they are skipped whatever that variable says.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ResourceLock(providers = CorosyncExtension.OneAtATime.class)
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

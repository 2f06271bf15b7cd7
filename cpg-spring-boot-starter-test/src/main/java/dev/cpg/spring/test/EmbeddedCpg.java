package dev.cpg.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Gives the tests of a class with a Spring context a cluster inside the JVM, and puts the
 * service on node 1 of it. It needs nothing on the machine. It is used together with
 * {@code @SpringBootTest} or another annotation that loads an application context.
 * <p>
 * The cluster is a bean of type {@link dev.cpg.test.TestCluster}, and can be a parameter
 * of test methods and of those before and after them. So can the events of the context,
 * {@link CpgEvents}. Before each test the cluster is
 * {@linkplain dev.cpg.test.TestCluster#restore() restored}, the service is a member
 * again, and the recorded events are forgotten. When a test fails, the cluster's history
 * is a suppressed exception of the failure.
 * <p>
 * Each test class has a cluster of its own, and so a context of its own, which its nested
 * classes share; both are closed when the class ends. Several classes may run in
 * parallel. The tests of one class run one after the other.
 * <p>
 * {@link CorosyncCpg} in the place of this annotation runs the same tests on real
 * Corosync daemons.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ResourceLock(providers = OneTestAtATime.class)
@ExtendWith(CpgTestExtension.class)
public @interface EmbeddedCpg {

	/**
	 * The number of nodes.
	 * @return at least 1
	 */
	int nodes() default 1;

}

package dev.cpg.spring.test;

import org.junit.jupiter.api.Timeout;

/**
 * A service that leads, on a cluster inside the JVM.
 */
@EmbeddedCpg(nodes = 3)
@Timeout(120)
class EmbeddedLeadershipTests extends LeadershipTestCases {

}

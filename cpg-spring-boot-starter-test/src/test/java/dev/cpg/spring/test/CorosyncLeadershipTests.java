package dev.cpg.spring.test;

import org.junit.jupiter.api.Timeout;

/**
 * A service that leads, on real nodes.
 */
@CorosyncCpg(nodes = 3)
@Timeout(240)
class CorosyncLeadershipTests extends LeadershipTestCases {

}

package dev.cpg.spring.test;

/**
 * Real daemons: the same tests by one word.
 */
@CorosyncCpg(nodes = 2)
class CorosyncCpgTests extends ClusterTestCases {

}

package dev.cpg.spring.test;

import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cluster inside the JVM.
 */
@EmbeddedCpg(nodes = 2)
class EmbeddedCpgTests extends ClusterTestCases {

	@Autowired
	private TestCluster outer;

	@Nested
	class ANestedClass {

		@Autowired
		private TestCluster nested;

		@Test
		void hasTheClusterOfItsOuterClass(TestCluster parameter) {
			assertThat(this.nested).isSameAs(parameter).isSameAs(EmbeddedCpgTests.this.outer);
		}

	}

}

package dev.cpg.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test class or method that needs a {@link LibcpgPeer}. If none can be compiled on this
 * machine it is skipped, with the reason. With {@code CPG_REQUIRE_COROSYNC=true} in the
 * environment it runs in any case, and fails when it starts a peer.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(LibcpgTest.Condition.class)
public @interface LibcpgTest {

	/**
	 * Decides whether to run the test.
	 */
	final class Condition implements ExecutionCondition {

		private Condition() {
		}

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			if (Boolean.parseBoolean(System.getenv("CPG_REQUIRE_COROSYNC"))) {
				return ConditionEvaluationResult.enabled("CPG_REQUIRE_COROSYNC=true asks for it");
			}
			return LibcpgPeer.unavailableReason()
				.or(CorosyncCluster::unavailableReason)
				.map(ConditionEvaluationResult::disabled)
				.orElseGet(() -> ConditionEvaluationResult.enabled("A libcpg peer can be compiled"));
		}

	}

}

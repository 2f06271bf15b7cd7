package dev.cpg.spring.test;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Set;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Gives test methods the cluster and the events, and skips tests whose cluster cannot run
 * on this machine.
 */
final class CpgTestExtension implements ExecutionCondition, ParameterResolver {

	private static final Logger log = LoggerFactory.getLogger(CpgTestExtension.class);

	private static final Set<Class<?>> TYPES = Set.of(TestCluster.class, CpgEvents.class);

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		// Its methods need not be asked again.
		if (context.getTestMethod().isPresent() || Boolean.parseBoolean(System.getenv("CPG_REQUIRE_COROSYNC"))) {
			return ConditionEvaluationResult.enabled("This condition does not apply here");
		}
		Optional<String> reason = ClusterOfClass.find(context.getTestClass().orElse(null))
			.filter((cluster) -> cluster.engine() instanceof ClusterEngine.Corosync)
			.flatMap((cluster) -> CorosyncCluster.unavailableReason());
		reason.ifPresent((why) -> log.warn("Tests of {} are skipped. {}", context.getDisplayName(), why));
		return reason.map(ConditionEvaluationResult::disabled)
			.orElseGet(() -> ConditionEvaluationResult.enabled("The cluster can run here"));
	}

	/** Spring resolves those of constructors, and those that say so. */
	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return TYPES.contains(parameter.getParameter().getType())
				&& parameter.getDeclaringExecutable() instanceof Method && !parameter.isAnnotated(Autowired.class);
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return SpringExtension.getApplicationContext(context).getBean(parameter.getParameter().getType());
	}

}

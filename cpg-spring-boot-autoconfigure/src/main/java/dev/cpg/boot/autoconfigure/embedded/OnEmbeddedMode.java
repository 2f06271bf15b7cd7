package dev.cpg.boot.autoconfigure.embedded;

import dev.cpg.boot.autoconfigure.CpgMode;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches with {@code cpg.mode=embedded}, in each spelling that binding takes.
 */
final class OnEmbeddedMode extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		CpgMode mode = CpgMode.of(context.getEnvironment());
		return new ConditionOutcome(mode == CpgMode.EMBEDDED,
				ConditionMessage.forCondition("cpg.mode").because("it is " + mode));
	}

}

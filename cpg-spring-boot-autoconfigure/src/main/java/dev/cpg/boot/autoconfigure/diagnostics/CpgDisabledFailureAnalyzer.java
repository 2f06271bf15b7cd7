package dev.cpg.boot.autoconfigure.diagnostics;

import java.util.Set;

import dev.cpg.client.CpgConnector;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.CpgTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says why there is no bean of the starter with {@code cpg.enabled=false}. It comes
 * before Spring Boot's own analyzer, which does not know the property.
 */
@Order(0)
final class CpgDisabledFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final Set<Class<?>> BEANS = Set.of(CpgTemplate.class, CpgOperations.class, CpgGroup.class,
			CpgMembership.class, CpgConnector.class);

	private final Environment environment;

	CpgDisabledFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		if (type == null || !BEANS.contains(type) || cause instanceof NoUniqueBeanDefinitionException
				|| this.environment.getProperty("cpg.enabled", Boolean.class, true)) {
			return null;
		}
		return new FailureAnalysis(
				"%s required a bean of type '%s', and cpg.enabled=false is set: there are no beans of the starter."
					.formatted((description != null) ? description : "A component", type.getName()),
				"""
						Remove cpg.enabled=false. On a machine without Corosync, for development and tests, a service \
						runs on a cluster inside its JVM with dev.cpg:cpg-embedded on the classpath and

						    cpg.mode=embedded

						What can do without the bean takes an ObjectProvider<%s>; a test can define a bean of that \
						type.""".formatted(type.getSimpleName()), cause);
	}

}

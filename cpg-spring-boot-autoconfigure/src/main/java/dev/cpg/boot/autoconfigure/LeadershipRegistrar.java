package dev.cpg.boot.autoconfigure;

import java.util.Set;

import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.election.LeaderElection;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanNameGenerator;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers what elects the leaders of each group with roles, and the
 * {@link CpgLeadership} of each role: they are injected by the role's name as qualifier,
 * and the only one without. A group whose members are to be heard has an election without
 * roles. Without either it registers nothing.
 */
final class LeadershipRegistrar implements ImportBeanDefinitionRegistrar {

	private static final String FACTORY = "cpgLeaderships";

	private final Environment environment;

	private final BeanFactory beanFactory;

	LeadershipRegistrar(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	static String beanName(String role) {
		return role + CpgLeadership.class.getSimpleName();
	}

	/** Returns the name of the bean that elects the leaders of a group. */
	static String electionName(Environment environment, String prefix) {
		return (prefix.equals(SettingPrefixes.ALL) ? prefix : LeaderRoles.keyOf(environment, prefix))
				+ LeaderElection.class.getSimpleName();
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry,
			BeanNameGenerator nameGenerator) {
		Set<String> roles = LeaderRoles.in(this.environment).keySet();
		Set<String> groups = LeaderRoles.groups(this.environment);
		if (!groups.isEmpty() && !this.beanFactory.containsBean(FACTORY)) {
			RootBeanDefinition factory = new RootBeanDefinition(Leaderships.class);
			factory.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
			registry.registerBeanDefinition(FACTORY, factory);
		}
		groups.forEach((prefix) -> registerElection(registry, prefix));
		roles.forEach((role) -> register(registry, role, roles.size() == 1));
	}

	private void registerElection(BeanDefinitionRegistry registry, String prefix) {
		String name = electionName(this.environment, prefix);
		if (!this.beanFactory.containsBean(name)) {
			registry.registerBeanDefinition(name, definition(LeaderElection.class, "election", prefix));
		}
	}

	private static RootBeanDefinition definition(Class<?> type, String method, String argument) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName(FACTORY);
		definition.setFactoryMethodName(method);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, argument);
		return definition;
	}

	/** What is there already is the application's own, or a parent context's. */
	private void register(BeanDefinitionRegistry registry, String role, boolean primary) {
		if (this.beanFactory.containsBean(beanName(role))) {
			return;
		}
		RootBeanDefinition definition = definition(CpgLeadership.class, "leadership", role);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, role));
		definition.setPrimary(primary);
		registry.registerBeanDefinition(beanName(role), definition);
	}

}

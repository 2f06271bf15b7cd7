package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgTemplate;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanNameGenerator;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers the beans of each group of {@code cpg.groups}: they are injected by the
 * group's key as qualifier, and never without one, so that what asks for a
 * {@code CpgTemplate} as such gets that of {@code cpg.group}.
 */
final class AdditionalGroupsRegistrar implements ImportBeanDefinitionRegistrar {

	static final String FACTORY = "cpgAdditionalGroups";

	private final Environment environment;

	private final BeanFactory beanFactory;

	AdditionalGroupsRegistrar(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	static String beanName(String key, Class<?> type) {
		return key + type.getSimpleName();
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry,
			BeanNameGenerator nameGenerator) {
		for (String key : AdditionalGroups.bind(this.environment).keySet()) {
			RuntimeBeanReference name = new RuntimeBeanReference(beanName(key, CpgGroupName.class));
			RuntimeBeanReference membership = new RuntimeBeanReference(beanName(key, CpgMembership.class));
			register(registry, key, CpgGroupName.class, "name", key);
			register(registry, key, CpgMembership.class, "membership", key, name);
			register(registry, key, CpgGroup.class, "group", membership);
			register(registry, key, CpgTemplate.class, "template", key, membership);
		}
	}

	/** What is there already is the application's own, or a parent context's. */
	private void register(BeanDefinitionRegistry registry, String key, Class<?> type, String method,
			Object... arguments) {
		String beanName = beanName(key, type);
		if (this.beanFactory.containsBean(beanName)) {
			return;
		}
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setFactoryBeanName(FACTORY);
		definition.setFactoryMethodName(method);
		for (int i = 0; i < arguments.length; i++) {
			definition.getConstructorArgumentValues().addIndexedArgumentValue(i, arguments[i]);
		}
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, key));
		definition.setDefaultCandidate(false);
		registry.registerBeanDefinition(beanName, definition);
	}

}

package dev.cpg.boot.autoconfigure.leadership;

import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.integration.CpgLeaderInitiator;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanNameGenerator;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers an initiator of Spring Integration for each {@link CpgLeadership}.
 */
final class LeaderInitiatorRegistrar implements ImportBeanDefinitionRegistrar {

	static final String FACTORY = "cpgLeaderInitiators";

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry,
			BeanNameGenerator nameGenerator) {
		for (String name : ((ListableBeanFactory) registry).getBeanNamesForType(CpgLeadership.class, true, false)) {
			RootBeanDefinition definition = new RootBeanDefinition();
			definition.setTargetType(CpgLeaderInitiator.class);
			definition.setFactoryBeanName(FACTORY);
			definition.setFactoryMethodName("initiator");
			definition.setAutowireMode(RootBeanDefinition.AUTOWIRE_CONSTRUCTOR);
			definition.getConstructorArgumentValues().addIndexedArgumentValue(0, new RuntimeBeanReference(name));
			registry.registerBeanDefinition(name + "Initiator", definition);
		}
	}

}

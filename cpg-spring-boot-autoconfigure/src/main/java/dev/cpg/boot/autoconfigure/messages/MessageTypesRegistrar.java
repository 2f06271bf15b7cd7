package dev.cpg.boot.autoconfigure.messages;

import java.util.ArrayList;
import java.util.List;

import dev.cpg.spring.message.CpgMessageType;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanNameGenerator;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/**
 * Finds the classes with {@link CpgMessageType} in the packages that the application's
 * auto-configuration covers. Their names are kept in the definition of a bean, where an
 * application finds them that was processed ahead of time and cannot scan packages.
 */
public final class MessageTypesRegistrar implements ImportBeanDefinitionRegistrar {

	/** Spring Boot's bean that caches which classes it has read. */
	private static final String METADATA_READER_FACTORY = "org.springframework.boot.autoconfigure."
			+ "internalCachingMetadataReaderFactory";

	private final BeanFactory beanFactory;

	private final Environment environment;

	private final ResourceLoader resourceLoader;

	MessageTypesRegistrar(BeanFactory beanFactory, Environment environment, ResourceLoader resourceLoader) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.resourceLoader = resourceLoader;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry,
			BeanNameGenerator nameGenerator) {
		ConfiguredMessageTypes.check(this.environment);
		RootBeanDefinition definition = new RootBeanDefinition(ScannedMessageTypes.class);
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, scan().toArray(String[]::new));
		registry.registerBeanDefinition("cpgScannedMessageTypes", definition);
	}

	private List<String> scan() {
		List<String> types = new ArrayList<>();
		if (AutoConfigurationPackages.has(this.beanFactory)) {
			Provider provider = new Provider(this.environment);
			provider.setResourceLoader(this.resourceLoader);
			if (this.beanFactory.containsBean(METADATA_READER_FACTORY)) {
				// The same classes were just scanned for components.
				provider.setMetadataReaderFactory(
						this.beanFactory.getBean(METADATA_READER_FACTORY, MetadataReaderFactory.class));
			}
			for (String basePackage : AutoConfigurationPackages.get(this.beanFactory)) {
				for (BeanDefinition candidate : provider.findCandidateComponents(basePackage)) {
					types.add(String.valueOf(candidate.getBeanClassName()));
				}
			}
		}
		return types;
	}

	/**
	 * Finds interfaces and abstract classes, too, as their Jackson annotations may let
	 * JSON name the subclass. It skips annotations: one that has {@code @CpgMessageType}
	 * gives a name to the classes that it annotates.
	 */
	private static final class Provider extends ClassPathScanningCandidateComponentProvider {

		Provider(Environment environment) {
			super(false, environment);
			addIncludeFilter(new AnnotationTypeFilter(CpgMessageType.class));
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			return definition.getMetadata().isIndependent() && !definition.getMetadata().isAnnotation();
		}

	}

}

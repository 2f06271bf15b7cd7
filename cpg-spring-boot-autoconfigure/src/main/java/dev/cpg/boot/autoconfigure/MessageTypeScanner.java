package dev.cpg.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.cpg.spring.message.CpgMessageType;
import dev.cpg.spring.message.CpgMessageTypes;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the types that messages may be of: the classes with {@link CpgMessageType} in the
 * packages that the application's auto-configuration covers, and those of the properties,
 * which take precedence.
 */
final class MessageTypeScanner {

	private final Environment environment;

	private final ResourceLoader resourceLoader;

	MessageTypeScanner(Environment environment, ResourceLoader resourceLoader) {
		this.environment = environment;
		this.resourceLoader = resourceLoader;
	}

	CpgMessageTypes types(BeanFactory beanFactory, Map<String, Class<?>> configured) {
		Map<String, Class<?>> types = new LinkedHashMap<>(configured);
		if (AutoConfigurationPackages.has(beanFactory)) {
			scan(beanFactory).forEach(types::putIfAbsent);
		}
		try {
			return new CpgMessageTypes(types);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException("cpg.messages.types", types, ex.getMessage() + ".");
		}
	}

	private Map<String, Class<?>> scan(BeanFactory beanFactory) {
		Provider provider = new Provider(this.environment);
		provider.setResourceLoader(this.resourceLoader);
		Map<String, Class<?>> types = new LinkedHashMap<>();
		for (String basePackage : AutoConfigurationPackages.get(beanFactory)) {
			for (BeanDefinition candidate : provider.findCandidateComponents(basePackage)) {
				add(types, ClassUtils.resolveClassName(String.valueOf(candidate.getBeanClassName()),
						this.resourceLoader.getClassLoader()));
			}
		}
		return types;
	}

	private static void add(Map<String, Class<?>> types, Class<?> type) {
		CpgMessageType annotation = AnnotatedElementUtils.findMergedAnnotation(type, CpgMessageType.class);
		Class<?> other = (annotation != null) ? types.putIfAbsent(annotation.value(), type) : null;
		if (annotation != null && other != null && other != type) {
			throw new IllegalStateException("%s and %s both say @CpgMessageType(\"%s\"): a name stands for one type"
				.formatted(other, type, annotation.value()));
		}
	}

	/**
	 * Takes interfaces and abstract classes, too: JSON may say which of their subclasses
	 * it is, if their annotations allow that.
	 */
	private static final class Provider extends ClassPathScanningCandidateComponentProvider {

		Provider(Environment environment) {
			super(false, environment);
			addIncludeFilter(new AnnotationTypeFilter(CpgMessageType.class));
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			return definition.getMetadata().isIndependent();
		}

	}

}

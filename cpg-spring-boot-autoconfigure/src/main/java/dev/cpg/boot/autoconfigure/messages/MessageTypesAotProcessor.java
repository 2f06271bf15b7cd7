package dev.cpg.boot.autoconfigure.messages;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.ConstructorArgumentValues.ValueHolder;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Registers the types of messages for reflection in a native image, as JSON is read and
 * written by reflection: those that were found and those of the settings.
 */
final class MessageTypesAotProcessor implements BeanRegistrationAotProcessor {

	private static final Bindable<Map<String, Class<?>>> TYPES = Bindable
		.of(ResolvableType.forClassWithGenerics(Map.class, String.class, Class.class));

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		if (bean.getBeanClass() != ScannedMessageTypes.class) {
			return null;
		}
		Set<Class<?>> types = new LinkedHashSet<>();
		ValueHolder scanned = bean.getMergedBeanDefinition()
			.getConstructorArgumentValues()
			.getIndexedArgumentValue(0, String[].class);
		if (scanned != null && scanned.getValue() instanceof String[] names) {
			for (String name : names) {
				types.add(ClassUtils.resolveClassName(name, bean.getBeanFactory().getBeanClassLoader()));
			}
		}
		Environment environment = bean.getBeanFactory()
			.getBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME, Environment.class);
		Binder.get(environment)
			.bind("cpg.messages.types", TYPES)
			.ifBound((configured) -> types.addAll(configured.values()));
		return (context, code) -> new BindingReflectionHintsRegistrar()
			.registerReflectionHints(context.getRuntimeHints().reflection(), types.toArray(Class<?>[]::new));
	}

}

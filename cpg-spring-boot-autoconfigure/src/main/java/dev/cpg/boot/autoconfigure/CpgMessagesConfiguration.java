package dev.cpg.boot.autoconfigure;

import dev.cpg.spring.message.CpgMessageConverters;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageTypes;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.util.StringUtils;

/**
 * What typed messages need. Without Spring Messaging there are no converters, and
 * payloads can only be bytes; without Jackson there is none for JSON.
 */
@Configuration(proxyBeanMethods = false)
@Import(MessageTypesRegistrar.class)
class CpgMessagesConfiguration {

	private static final String TYPES = "cpg.messages.types";

	@Bean
	@ConditionalOnMissingBean
	CpgMessageTypes cpgMessageTypes(CpgProperties properties, ScannedMessageTypes scanned, Environment environment) {
		Binder.get(environment)
			.bind(TYPES, Bindable.mapOf(String.class, String.class))
			.ifBound((types) -> types.forEach(CpgMessagesConfiguration::requireClass));
		return scanned.with(properties.getMessages().getTypes());
	}

	/** Where it is a map of classes, binding leaves out what is empty. */
	private static void requireClass(String name, String type) {
		if (!StringUtils.hasText(type)) {
			throw new InvalidConfigurationPropertyValueException(TYPES + "." + name, type, "It must name a class.");
		}
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMessageMapper cpgMessageMapper(CpgMessageTypes types, ObjectProvider<CpgMessageConverters> converters) {
		return new CpgMessageMapper(types, converters.getIfAvailable());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ MessageConverter.class, JsonMapper.class })
	@ConditionalOnMissingBean(CpgMessageConverters.class)
	static class JsonConfiguration {

		@Bean
		CpgMessageConverters cpgMessageConverters(ObjectProvider<JsonMapper> mapper) {
			return CpgMessageConverters.of(new ByteArrayMessageConverter(), new StringMessageConverter(),
					new JacksonJsonMessageConverter(mapper.getIfUnique(JsonMapper::shared)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MessageConverter.class)
	@ConditionalOnMissingClass("tools.jackson.databind.json.JsonMapper")
	@ConditionalOnMissingBean(CpgMessageConverters.class)
	static class SimpleConfiguration {

		@Bean
		CpgMessageConverters cpgMessageConverters() {
			return CpgMessageConverters.of(new ByteArrayMessageConverter(), new StringMessageConverter());
		}

	}

}

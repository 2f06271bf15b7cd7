package dev.cpg.boot.autoconfigure;

import dev.cpg.boot.autoconfigure.messages.MessageTypesCheck;
import dev.cpg.boot.autoconfigure.messages.MessageTypesRegistrar;
import dev.cpg.boot.autoconfigure.messages.ScannedMessageTypes;
import dev.cpg.spring.UncalledListeners;
import dev.cpg.spring.message.CpgMessageConverters;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.util.unit.DataSize;

/**
 * Typed messages. Without Spring Messaging there are no converters, and payloads are
 * bytes only; without Jackson there is no converter for JSON.
 */
@Configuration(proxyBeanMethods = false)
@Import(MessageTypesRegistrar.class)
class CpgMessagesConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CpgMessageTypes cpgMessageTypes(CpgProperties properties, ScannedMessageTypes scanned, Environment environment) {
		return scanned.with(environment, properties.getMessages().getTypes());
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMessageMapper cpgMessageMapper(CpgMessageTypes types, BeanFactory beanFactory, CpgProperties properties) {
		CpgMessageMapper mapper = new CpgMessageMapper(types,
				SingleBean.of(beanFactory, CpgMessageConverters.class, "remove all but one of them"),
				maxSize(properties.getMessages().getMaxSize()));
		MessageTypesCheck.log(types, mapper);
		return mapper;
	}

	private static int maxSize(@Nullable DataSize maxSize) {
		if (maxSize == null) {
			return Integer.MAX_VALUE;
		}
		if (maxSize.toBytes() < 1 || maxSize.compareTo(CpgPropertiesValidator.MAX_MESSAGE_SIZE) > 0) {
			throw new InvalidConfigurationPropertyValueException("cpg.messages.max-size", maxSize,
					"It must be between 1B and 1GB.");
		}
		return Math.toIntExact(maxSize.toBytes());
	}

	@Bean
	@ConditionalOnMissingBean
	static UncalledListeners cpgUncalledListeners(ObjectProvider<CpgMessageTypes> types) {
		return new UncalledListeners(types);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ MessageConverter.class, JsonMapper.class })
	@ConditionalOnMissingBean(CpgMessageConverters.class)
	static class JsonConfiguration {

		@Bean
		CpgMessageConverters cpgMessageConverters(BeanFactory beanFactory) {
			JsonMapper mapper = SingleBean.of(beanFactory, JsonMapper.class,
					"define a bean of type CpgMessageConverters, which says what messages are converted with");
			return CpgMessageConverters.of(new ByteArrayMessageConverter(), new StringMessageConverter(),
					new JacksonJsonMessageConverter(lenient((mapper != null) ? mapper : JsonMapper.shared())));
		}

		/**
		 * A member of an older version does not send fields that a newer one has added.
		 * By default Jackson refuses a message in which a primitive is missing.
		 */
		private static JsonMapper lenient(JsonMapper mapper) {
			return mapper.isEnabled(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
					? mapper.rebuild().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build() : mapper;
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

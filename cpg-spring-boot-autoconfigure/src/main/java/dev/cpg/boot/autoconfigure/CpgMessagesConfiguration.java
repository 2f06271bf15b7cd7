package dev.cpg.boot.autoconfigure;

import dev.cpg.spring.message.CpgMessageConverters;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageTypes;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

/**
 * What typed messages need. Without Spring Messaging there are no converters, and
 * payloads can only be bytes; without Jackson there is none for JSON.
 */
@Configuration(proxyBeanMethods = false)
@Import(MessageTypesRegistrar.class)
class CpgMessagesConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CpgMessageTypes cpgMessageTypes(CpgProperties properties, ScannedMessageTypes scanned) {
		return scanned.with(properties.getMessages().getTypes());
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

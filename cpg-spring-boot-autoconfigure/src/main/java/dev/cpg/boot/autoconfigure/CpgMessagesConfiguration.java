package dev.cpg.boot.autoconfigure;

import dev.cpg.spring.message.CpgMessageConverters;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageTypes;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
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
	CpgMessageTypes cpgMessageTypes(CpgProperties properties, ScannedMessageTypes scanned, Environment environment) {
		return scanned.with(ConfiguredMessageTypes.of(environment, properties.getMessages().getTypes()));
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMessageMapper cpgMessageMapper(CpgMessageTypes types, BeanFactory beanFactory) {
		return new CpgMessageMapper(types,
				SingleBean.of(beanFactory, CpgMessageConverters.class, "remove all but one of them"));
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
					new JacksonJsonMessageConverter((mapper != null) ? mapper : JsonMapper.shared()));
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

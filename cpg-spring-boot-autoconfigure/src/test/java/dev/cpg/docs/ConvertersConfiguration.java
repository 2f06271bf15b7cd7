package dev.cpg.docs;

import dev.cpg.spring.message.CpgMessageConverters;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

/**
 * Converters, as docs/sending.md shows them.
 */
@Configuration(proxyBeanMethods = false)
class ConvertersConfiguration {

	// snippet:converters
	@Bean
	CpgMessageConverters messageConverters(JsonMapper mapper) {
		return CpgMessageConverters.of(new ByteArrayMessageConverter(), new StringMessageConverter(),
				new JacksonJsonMessageConverter(mapper));
	}
	// end:converters

}

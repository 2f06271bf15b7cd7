package dev.cpg.boot.autoconfigure;

import java.util.Collection;

import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * The connection to Corosync, unless there is another connector.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CpgConnector.class)
@ImportRuntimeHints(CorosyncRuntimeHints.class)
class CorosyncConnectorConfiguration {

	@Bean
	@ConditionalOnMissingBean(CpgConnectionDetails.class)
	PropertiesCpgConnectionDetails cpgConnectionDetails(CpgProperties properties) {
		return new PropertiesCpgConnectionDetails(properties);
	}

	@Bean
	CorosyncConnectors cpgCorosyncConnectors(CpgConnectionDetails details, CpgProperties properties,
			Environment environment) {
		Collection<CpgGroupProperties> additional = AdditionalGroups.bind(environment).values();
		return new CorosyncConnectors(details, 1 + additional.size(), QueueCapacities.of(properties, additional));
	}

	@Bean
	CpgConnector cpgConnector(CorosyncConnectors connectors, CpgProperties properties, CpgGroupName name) {
		return connectors.create(SettingPrefixes.ALL, properties, name);
	}

}

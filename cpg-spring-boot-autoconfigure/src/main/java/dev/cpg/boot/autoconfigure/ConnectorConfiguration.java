package dev.cpg.boot.autoconfigure;

import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The connectors of the groups, unless the application has one.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CpgConnector.class)
class ConnectorConfiguration {

	@Bean
	GroupConnectors cpgGroupConnectors(CpgEngine engine, CpgProperties properties, Environment environment) {
		return new GroupConnectors(engine, QueueCapacities.of(properties, AdditionalGroups.bind(environment).values()));
	}

	@Bean
	CpgConnector cpgConnector(GroupConnectors connectors, CpgProperties properties, CpgGroupName name) {
		return connectors.create(SettingPrefixes.ALL, properties, name);
	}

}

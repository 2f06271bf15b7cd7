package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CpgConnector;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * The groups run on Corosync, unless there is another engine or a connector.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean({ CpgConnector.class, CpgEngine.class })
@ImportRuntimeHints(CorosyncRuntimeHints.class)
class CorosyncConfiguration {

	@Bean
	@ConditionalOnMissingBean(CpgConnectionDetails.class)
	PropertiesCpgConnectionDetails cpgConnectionDetails(CpgProperties properties) {
		return new PropertiesCpgConnectionDetails(properties);
	}

	@Bean
	CpgEngine cpgCorosyncEngine(CpgConnectionDetails details, Environment environment) {
		CpgMode.COROSYNC.require(environment);
		return new CorosyncEngine(details, 1 + AdditionalGroups.bind(environment).size());
	}

}

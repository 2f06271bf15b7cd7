package dev.cpg.boot.autoconfigure;

import dev.cpg.boot.autoconfigure.CpgProperties.Mode;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.corosync.CorosyncConnector;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.util.unit.DataSize;

/**
 * The one place that knows Corosync's implementation of the client.
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
	CpgConnector cpgConnector(CpgProperties properties, CpgConnectionDetails details, CpgGroupName name) {
		if (properties.getMode() == Mode.EMBEDDED) {
			throw new InvalidConfigurationPropertyValueException("cpg.mode", properties.getMode(),
					"The embedded cluster is not part of this version: there is only 'corosync', which needs a "
							+ "Corosync daemon on this node. A bean of type CpgConnector takes the place of both.");
		}
		CorosyncConnector.Builder builder = CorosyncConnector.builder().name(name.toString());
		PropertyMapper map = PropertyMapper.get();
		map.from(properties::getMemberId).to(builder::memberId);
		map.from(details::getSocketDirectory).to(builder::socketDirectory);
		map.from(properties.getCorosync()::getRequestTimeout).to(builder::requestTimeout);
		map.from(properties.getTemplate()::getSendTimeout).to(builder::sendTimeout);
		map.from(properties.getDelivery()::getQueueCapacity).as(DataSize::toBytes).to(builder::deliveryQueueCapacity);
		map.from(properties.getDelivery()::getOverflow).to(builder::overflow);
		map.from(properties::getMaxMessageSize)
			.as((size) -> Math.toIntExact(size.toBytes()))
			.to(builder::maxMessageSize);
		return builder.build();
	}

}

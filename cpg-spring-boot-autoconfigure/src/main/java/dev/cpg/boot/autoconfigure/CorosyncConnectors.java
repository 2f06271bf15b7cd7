package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;

import dev.cpg.boot.autoconfigure.CpgGroupProperties.Mode;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.corosync.CorosyncConnector;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Makes the connectors to Corosync, one for each group. The one place that knows that
 * implementation of the client.
 */
final class CorosyncConnectors {

	private final CpgConnectionDetails details;

	CorosyncConnectors(CpgConnectionDetails details) {
		this.details = details;
	}

	/**
	 * Makes a connector.
	 * @param prefix the prefix of the properties
	 */
	CpgConnector create(String prefix, CpgGroupProperties properties, CpgGroupName name) {
		if (properties.getMode() == Mode.EMBEDDED) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".mode", properties.getMode(),
					"The embedded cluster is not part of this version: there is only 'corosync', which needs a "
							+ "Corosync daemon on this node. A bean of type CpgConnector takes the place of both.");
		}
		CorosyncConnector.Builder builder = CorosyncConnector.builder().name(name.toString());
		PropertyMapper map = PropertyMapper.get();
		map.from(properties::getMemberId).to(builder::memberId);
		map.from(() -> socketDirectory(properties)).to(builder::socketDirectory);
		map.from(properties.getCorosync()::getRequestTimeout).to(builder::requestTimeout);
		map.from(properties.getTemplate()::getSendTimeout).to(builder::sendTimeout);
		map.from(properties.getDelivery()::getQueueCapacity).as(DataSize::toBytes).to(builder::deliveryQueueCapacity);
		map.from(properties.getDelivery()::getOverflow).to(builder::overflow);
		map.from(properties::getMaxMessageSize)
			.as((size) -> Math.toIntExact(size.toBytes()))
			.to(builder::maxMessageSize);
		return builder.build();
	}

	/** Details of the application's own hold for all groups. */
	private @Nullable Path socketDirectory(CpgGroupProperties properties) {
		return (this.details instanceof PropertiesCpgConnectionDetails) ? properties.getCorosync().getSocketDirectory()
				: this.details.getSocketDirectory();
	}

}

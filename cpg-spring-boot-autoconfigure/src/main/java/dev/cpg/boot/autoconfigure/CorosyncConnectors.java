package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;

import dev.cpg.boot.autoconfigure.CpgGroupProperties.Mode;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.corosync.CorosyncConnector;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Makes the connectors to Corosync, one for each group. No other class here depends on
 * that implementation of the client, apart from its preloading.
 */
final class CorosyncConnectors {

	/** Unfinished messages of all groups may take a quarter of the heap. */
	private static final int HEAP_SHARE = 4;

	private final CpgConnectionDetails details;

	private final int groups;

	private final QueueCapacities queueCapacities;

	/**
	 * Creates a maker of connectors.
	 * @param details where the daemon is
	 * @param groups how many groups the service has, which share the heap
	 * @param queueCapacities how much may wait for their listeners
	 */
	CorosyncConnectors(CpgConnectionDetails details, int groups, QueueCapacities queueCapacities) {
		this.details = details;
		this.groups = groups;
		this.queueCapacities = queueCapacities;
	}

	/**
	 * Requires that a socket's path has room for a directory: the client knows which
	 * sockets there are, and how long their paths may be.
	 * @throws IllegalArgumentException if the directory's path is too long
	 */
	static void requireSocketDirectory(@Nullable Path directory) {
		CorosyncConnector.builder().socketDirectory(directory);
	}

	/**
	 * Makes a connector.
	 * @param prefix the prefix of the properties
	 */
	CpgConnector create(String prefix, CpgGroupProperties properties, CpgGroupName name) {
		if (properties.getMode() == Mode.EMBEDDED) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".mode", "embedded",
					"The embedded cluster is not part of this version: there is only 'corosync', which needs a "
							+ "Corosync daemon on this node. A bean of type CpgConnector takes the place of both.");
		}
		CpgGroupProperties.Delivery delivery = properties.getDelivery();
		CorosyncConnector.Builder builder = CorosyncConnector.builder()
			.name(name.text())
			.socketDirectory(socketDirectory(properties))
			.trustedUids(properties.getCorosync().getTrustedUids())
			.requestTimeout(properties.getCorosync().getRequestTimeout())
			.sendTimeout(properties.getTemplate().getSendTimeout())
			.deliveryQueueCapacity(this.queueCapacities.of(properties).toBytes())
			.overflow(delivery.getOverflow())
			.maxMessageSize(Math.toIntExact(properties.getMaxMessageSize().toBytes()))
			.reassemblyCapacity(reassemblyCapacity(properties))
			.settingNames((setting) -> prefix + "." + property(setting));
		Long memberId = properties.getMemberId();
		return ((memberId != null) ? builder.memberId(memberId) : builder).build();
	}

	/** Errors and the log of the client name the property, not the builder's method. */
	static String property(CorosyncSetting setting) {
		return switch (setting) {
			case MAX_MESSAGE_SIZE -> "max-message-size";
			case DELIVERY_QUEUE_CAPACITY -> "delivery.queue-capacity";
			case REASSEMBLY_CAPACITY -> "delivery.reassembly-capacity";
			case MEMBER_ID -> "member-id";
			case TRUSTED_UIDS -> "corosync.trusted-uids";
		};
	}

	/** Connection details of the application apply to all groups. */
	private @Nullable Path socketDirectory(CpgGroupProperties properties) {
		return (this.details instanceof PropertiesCpgConnectionDetails) ? properties.getCorosync().getSocketDirectory()
				: this.details.getSocketDirectory();
	}

	private long reassemblyCapacity(CpgGroupProperties properties) {
		DataSize capacity = properties.getDelivery().getReassemblyCapacity();
		return ((capacity != null) ? capacity
				: reassemblyShare(Runtime.getRuntime().maxMemory(), this.groups, properties.getMaxMessageSize()))
			.toBytes();
	}

	/** Each group has its share for itself, so that a flood in one costs no other. */
	static DataSize reassemblyShare(long heap, int groups, DataSize largestMessage) {
		return DataSize.ofBytes(Math.max(heap / HEAP_SHARE / groups, largestMessage.toBytes()));
	}

}

package dev.cpg.boot.autoconfigure;

import java.util.function.Supplier;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgConnectorBuilder;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgQuorum;

import org.springframework.util.unit.DataSize;

/**
 * The settings of a group's connector, whatever it connects to.
 *
 * @param prefix the prefix of the properties, such as {@code cpg.groups.audit}
 * @param name the group's name
 * @param properties the properties, inherited ones included
 * @param queueCapacity how much may wait for the group's listeners
 * @param quorum the quorum as reported last, of whatever ring
 */
public record ConnectorSettings(String prefix, CpgGroupName name, CpgGroupProperties properties, DataSize queueCapacity,
		Supplier<CpgQuorum> quorum) {

	/**
	 * Applies those that a connector of each kind has.
	 * @param builder the builder of the connector
	 */
	public void applyTo(CpgConnectorBuilder<?> builder) {
		builder.name(this.name.text());
		builder.sendTimeout(this.properties.getTemplate().getSendTimeout());
		builder.deliveryQueueCapacity(this.queueCapacity.toBytes());
		builder.overflow(this.properties.getDelivery().getOverflow());
		builder.maxMessageSize(Math.toIntExact(this.properties.getMaxMessageSize().toBytes()));
		CpgGroupProperties.Batching batching = this.properties.getBatching();
		builder.batchSize(batching.isEnabled() ? Math.toIntExact(batching.getMaxSize().toBytes()) : 0);
		builder.quorum(this.quorum);
		builder.settingNames(this::property);
		Long memberId = this.properties.getMemberId();
		if (memberId != null) {
			builder.memberId(memberId);
		}
	}

	/**
	 * Returns the name of the property behind a setting: errors and the log of the client
	 * name that, and not the builder's method.
	 * @param setting the setting
	 */
	public String property(CorosyncSetting setting) {
		return this.prefix + "." + switch (setting) {
			case MAX_MESSAGE_SIZE -> "max-message-size";
			case DELIVERY_QUEUE_CAPACITY -> "delivery.queue-capacity";
			case REASSEMBLY_CAPACITY -> "delivery.reassembly-capacity";
			case MEMBER_ID -> "member-id";
			case LIVENESS_INTERVAL -> "corosync.liveness-interval";
			case TRUSTED_UIDS -> "corosync.trusted-uids";
		};
	}

}

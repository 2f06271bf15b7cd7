package dev.cpg.boot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Refuses values that cannot work with the property's name and the reason, which Boot's
 * failure analysis shows together with where the value was set.
 */
final class CpgPropertiesValidator {

	private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;

	private static final DataSize MAX_MESSAGE_SIZE = DataSize.ofGigabytes(1);

	private CpgPropertiesValidator() {
	}

	static void validate(CpgProperties properties) {
		requirePositive("cpg.join-timeout", properties.getJoinTimeout());
		requirePositive("cpg.leave-timeout", properties.getLeaveTimeout());
		requirePositive("cpg.corosync.request-timeout", properties.getCorosync().getRequestTimeout());
		requirePositive("cpg.template.send-timeout", properties.getTemplate().getSendTimeout());
		CpgProperties.Reconnect reconnect = properties.getReconnect();
		requirePositive("cpg.reconnect.initial-interval", reconnect.getInitialInterval());
		requirePositive("cpg.reconnect.max-interval", reconnect.getMaxInterval());
		require(reconnect.getMaxInterval().compareTo(reconnect.getInitialInterval()) >= 0, "cpg.reconnect.max-interval",
				reconnect.getMaxInterval(), "It must not be shorter than cpg.reconnect.initial-interval, which is "
						+ reconnect.getInitialInterval() + ".");
		require(reconnect.getMultiplier() >= 1, "cpg.reconnect.multiplier", reconnect.getMultiplier(),
				"It must be at least 1: pauses do not get shorter.");
		require(properties.getDelivery().getQueueCapacity().toBytes() > 0, "cpg.delivery.queue-capacity",
				properties.getDelivery().getQueueCapacity(), "It must be more than nothing.");
		DataSize maxMessageSize = properties.getMaxMessageSize();
		require(maxMessageSize.toBytes() >= 1 && maxMessageSize.compareTo(MAX_MESSAGE_SIZE) <= 0,
				"cpg.max-message-size", maxMessageSize, "It must be between 1B and 1GB.");
		Long memberId = properties.getMemberId();
		require(memberId == null || (memberId > 0 && memberId <= MAX_UNSIGNED_INT), "cpg.member-id", memberId,
				"It must be between 1 and 4294967295.");
	}

	private static void requirePositive(String name, Duration value) {
		require(value.toMillis() > 0, name, value, "It must be at least one millisecond.");
	}

	private static void require(boolean valid, String name, @Nullable Object value, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(name, value, reason);
		}
	}

}

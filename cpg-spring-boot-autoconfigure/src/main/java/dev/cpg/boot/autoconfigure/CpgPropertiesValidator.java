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

	/** That of the settings which apply to all groups that do not set them. */
	static final String PREFIX = "cpg";

	private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;

	private static final DataSize MAX_MESSAGE_SIZE = DataSize.ofGigabytes(1);

	private CpgPropertiesValidator() {
	}

	/**
	 * Checks the settings of a group.
	 * @param prefix the prefix of their names
	 */
	static void validate(String prefix, CpgGroupProperties properties) {
		requirePositive(prefix + ".join-timeout", properties.getJoinTimeout());
		requirePositive(prefix + ".leave-timeout", properties.getLeaveTimeout());
		requirePositive(prefix + ".corosync.request-timeout", properties.getCorosync().getRequestTimeout());
		requirePositive(prefix + ".template.send-timeout", properties.getTemplate().getSendTimeout());
		CpgGroupProperties.Reconnect reconnect = properties.getReconnect();
		requirePositive(prefix + ".reconnect.initial-interval", reconnect.getInitialInterval());
		requirePositive(prefix + ".reconnect.max-interval", reconnect.getMaxInterval());
		require(reconnect.getMaxInterval().compareTo(reconnect.getInitialInterval()) >= 0,
				prefix + ".reconnect.max-interval", reconnect.getMaxInterval(), "It must not be shorter than " + prefix
						+ ".reconnect.initial-interval, which is " + reconnect.getInitialInterval() + ".");
		require(reconnect.getMultiplier() >= 1, prefix + ".reconnect.multiplier", reconnect.getMultiplier(),
				"It must be at least 1: pauses do not get shorter.");
		requirePositive(prefix + ".delivery.slow-listener-threshold",
				properties.getDelivery().getSlowListenerThreshold());
		requirePositive(prefix + ".delivery.stall-timeout", properties.getDelivery().getStallTimeout());
		require(properties.getDelivery().getQueueCapacity().toBytes() > 0, prefix + ".delivery.queue-capacity",
				properties.getDelivery().getQueueCapacity(), "It must be more than nothing.");
		DataSize maxMessageSize = properties.getMaxMessageSize();
		require(maxMessageSize.toBytes() >= 1 && maxMessageSize.compareTo(MAX_MESSAGE_SIZE) <= 0,
				prefix + ".max-message-size", maxMessageSize, "It must be between 1B and 1GB.");
		Long memberId = properties.getMemberId();
		require(memberId == null || (memberId > 0 && memberId <= MAX_UNSIGNED_INT), prefix + ".member-id", memberId,
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

package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

import dev.cpg.boot.autoconfigure.settings.TextMistakes;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnectorBuilder;
import dev.cpg.client.CpgLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Refuses values that cannot work. The exception has the property's name and the reason;
 * Boot's failure analysis shows them together with the value's origin.
 */
final class CpgPropertiesValidator {

	private static final String INITIAL_INTERVAL = ".reconnect.initial-interval";

	private static final String MAX_INTERVAL = ".reconnect.max-interval";

	private static final long MAX_UNSIGNED_INT = 0xFFFF_FFFFL;

	private static final Duration MIN_DURATION = Duration.ofMillis(1);

	/** Much less than a {@code long} has nanoseconds for, which time is measured in. */
	private static final Duration MAX_DURATION = Duration.ofDays(365);

	static final DataSize MAX_MESSAGE_SIZE = DataSize.ofBytes(CpgLimits.MAX_MESSAGE_SIZE);

	private final Environment environment;

	private final String prefix;

	/**
	 * Creates a validator of the settings of a group.
	 * @param environment says which are set
	 * @param prefix the prefix of their names
	 */
	CpgPropertiesValidator(Environment environment, String prefix) {
		this.environment = environment;
		this.prefix = prefix;
	}

	void validate(CpgGroupProperties properties) {
		requireDuration(".join-timeout", properties.getJoinTimeout());
		requireDuration(".leave-timeout", properties.getLeaveTimeout());
		requireDuration(".template.send-timeout", properties.getTemplate().getSendTimeout());
		if (CpgMode.of(this.environment) == CpgMode.COROSYNC) {
			validate(properties.getCorosync());
		}
		validate(properties.getReconnect());
		requireDuration(".delivery.slow-listener-threshold", properties.getDelivery().getSlowListenerThreshold());
		requireDuration(".delivery.stall-timeout", properties.getDelivery().getStallTimeout());
		DataSize queueCapacity = properties.getDelivery().getQueueCapacity();
		require(queueCapacity == null || queueCapacity.toBytes() > 0, ".delivery.queue-capacity", queueCapacity,
				"It must be more than nothing.");
		DataSize maxMessageSize = properties.getMaxMessageSize();
		require(maxMessageSize.toBytes() >= 1 && maxMessageSize.compareTo(MAX_MESSAGE_SIZE) <= 0, ".max-message-size",
				maxMessageSize, "It must be between 1B and 1GB.");
		DataSize reassembly = properties.getDelivery().getReassemblyCapacity();
		require(reassembly == null || reassembly.compareTo(maxMessageSize) >= 0, ".delivery.reassembly-capacity",
				reassembly, "It must hold one largest message at least: %s is %s."
					.formatted(this.prefix + ".max-message-size", maxMessageSize));
		DataSize batchSize = properties.getBatching().getMaxSize();
		require(batchSize.toBytes() >= CpgConnectorBuilder.MIN_BATCH_SIZE
				&& batchSize.toBytes() <= CpgConnectorBuilder.MAX_BATCH_SIZE, ".batching.max-size", batchSize,
				"It must be between 1KB and 512KB.");
		Long memberId = properties.getMemberId();
		require(memberId == null || CpgAddress.isMemberId(memberId), ".member-id", memberId,
				"It must be between %d and %d.".formatted(CpgAddress.MIN_MEMBER_ID, CpgAddress.MAX_MEMBER_ID));
		new LeaderPropertiesValidator(this.prefix).validate(properties.getLeader());
	}

	/** What no engine uses may be wrong: a placeholder that only production has. */
	private void validate(CpgGroupProperties.Corosync corosync) {
		requireDuration(".corosync.request-timeout", corosync.getRequestTimeout());
		if (!corosync.getLivenessInterval().isZero()) {
			requireDuration(".corosync.liveness-interval", corosync.getLivenessInterval());
		}
		Path directory = corosync.getSocketDirectory();
		String mistake = (directory != null) ? TextMistakes.find(directory.toString()) : null;
		require(mistake == null, ".corosync.socket-directory", directory, String.valueOf(mistake));
		requireConnectable(directory);
		for (long uid : corosync.getTrustedUids()) {
			require(uid >= 0 && uid < MAX_UNSIGNED_INT, ".corosync.trusted-uids", uid,
					"The number of a user is between 0 and 4294967294.");
		}
	}

	private void requireConnectable(@Nullable Path directory) {
		try {
			CorosyncEngine.requireSocketDirectory(directory);
		}
		catch (IllegalArgumentException ex) {
			throw refusal(".corosync.socket-directory", directory, ex.getMessage() + ".");
		}
	}

	private void validate(CpgGroupProperties.Reconnect reconnect) {
		Duration initial = reconnect.getInitialInterval();
		Duration max = reconnect.getMaxInterval();
		requireDuration(INITIAL_INTERVAL, initial);
		requireDuration(MAX_INTERVAL, max);
		if (initial.compareTo(max) > 0) {
			// The other may be the default, or that of all groups.
			throw isSet(MAX_INTERVAL)
					? refusal(MAX_INTERVAL, text(max),
							"It must not be shorter than %s, which is %s.".formatted(this.prefix + INITIAL_INTERVAL,
									text(initial)))
					: refusal(INITIAL_INTERVAL, text(initial), "It must not be longer than %s, which is %s."
						.formatted(this.prefix + MAX_INTERVAL, text(max)));
		}
		double multiplier = reconnect.getMultiplier();
		require(multiplier >= 1 && Double.isFinite(multiplier), ".reconnect.multiplier", multiplier,
				"It must be a number, and at least 1: pauses do not get shorter.");
	}

	private boolean isSet(String property) {
		return Binder.get(this.environment)
			.bind(ConfigurationPropertyName.adapt(this.prefix + property, '.'), Bindable.of(String.class))
			.isBound();
	}

	private void requireDuration(String property, Duration value) {
		if (value.compareTo(MIN_DURATION) < 0 || value.compareTo(MAX_DURATION) > 0) {
			throw refusal(property, text(value), "It must be between 1ms and 365d.");
		}
	}

	private void require(boolean valid, String property, @Nullable Object value, String reason) {
		if (!valid) {
			throw refusal(property, value, reason);
		}
	}

	private InvalidConfigurationPropertyValueException refusal(String property, @Nullable Object value, String reason) {
		return new InvalidConfigurationPropertyValueException(this.prefix + property, value, reason);
	}

	/** As users write it, but for fractions of what is very long. */
	static String text(Duration value) {
		Duration shown = (value.toDays() != 0) ? value.truncatedTo(ChronoUnit.SECONDS) : value;
		ChronoUnit unit = Stream
			.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS, ChronoUnit.MILLIS,
					ChronoUnit.MICROS)
			.filter((candidate) -> shown.truncatedTo(candidate).equals(shown))
			.findFirst()
			.orElse(ChronoUnit.NANOS);
		return DurationStyle.SIMPLE.print(shown, unit);
	}

}

package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.cpg.boot.autoconfigure.settings.TextMistakes;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Refuses settings of the election of leaders that cannot work, or contradict each other.
 */
final class LeaderPropertiesValidator {

	/** The limits of the election. */
	private static final int MAX_ROLES = 64;

	private static final int MAX_NAME_LENGTH = 255;

	private static final Duration MAX_DURATION = Duration.ofDays(365);

	private final String prefix;

	/**
	 * Creates a validator.
	 * @param prefix the prefix of the group's settings
	 */
	LeaderPropertiesValidator(String prefix) {
		this.prefix = prefix + ".leader";
	}

	void validate(CpgLeaderProperties properties) {
		validateRoles(properties.getRoles());
		Duration lease = properties.getLease();
		Duration liveness = properties.getLivenessTimeout();
		Duration exchange = properties.getExchangeTimeout();
		requirePositive(".lease", lease);
		requirePositive(".liveness-timeout", liveness);
		requirePositive(".exchange-timeout", exchange);
		require(lease == null || liveness == null || liveness.compareTo(lease) > 0, ".liveness-timeout", liveness,
				"It must be longer than %s.lease: otherwise another member could be elected during the lease."
					.formatted(this.prefix));
		require(lease == null || exchange == null || exchange.compareTo(lease) >= 0, ".exchange-timeout", exchange,
				"It must not be shorter than %s.lease.".formatted(this.prefix));
		requireNotNegative(".yield-cooldown", properties.getYieldCooldown());
		requireNotNegative(".min-hold", properties.getMinHold());
		requireNoMistake(".health-group", properties.getHealthGroup());
		properties.getRole().forEach((role, own) -> {
			requireNotNegative(".role." + role + ".min-hold", own.getMinHold());
			requireNoMistake(".role." + role + ".health-group", own.getHealthGroup());
			if (!properties.getRoles().contains(role)) {
				throw new InvalidConfigurationPropertyValueException("%s.role.%s".formatted(this.prefix, role), role,
						"%s.roles does not name this role. It has %s.".formatted(this.prefix, properties.getRoles()));
			}
		});
	}

	private void requireNotNegative(String property, @Nullable Duration value) {
		require(value == null || (!value.isNegative() && value.compareTo(MAX_DURATION) <= 0), property, value,
				"It must be between 0s and 365d.");
	}

	private void requireNoMistake(String property, @Nullable String name) {
		String mistake = (name != null) ? TextMistakes.find(name) : null;
		require(mistake == null, property, name, String.valueOf(mistake));
	}

	private void validateRoles(List<String> roles) {
		require(roles.size() <= MAX_ROLES, ".roles", roles, "There must not be more than %d.".formatted(MAX_ROLES));
		Set<String> names = new HashSet<>();
		for (String role : roles) {
			int length = role.getBytes(StandardCharsets.UTF_8).length;
			require(length > 0 && length <= MAX_NAME_LENGTH, ".roles", role,
					"The name of a role has 1 to %d bytes.".formatted(MAX_NAME_LENGTH));
			String mistake = TextMistakes.find(role);
			require(mistake == null, ".roles", role, String.valueOf(mistake));
			require(names.add(role), ".roles", roles, "The role '%s' is there twice.".formatted(role));
		}
	}

	private void requirePositive(String property, @Nullable Duration value) {
		require(value == null || (value.toMillis() > 0 && value.compareTo(MAX_DURATION) <= 0), property, value,
				"It must be between 1ms and 365d.");
	}

	private void require(boolean valid, String property, @Nullable Object value, String reason) {
		if (!valid) {
			throw new InvalidConfigurationPropertyValueException(this.prefix + property,
					(value instanceof Duration duration) ? CpgPropertiesValidator.text(duration) : value, reason);
		}
	}

}

package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgClusterSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeaderElectionSettings}.
 */
class LeaderElectionSettingsTests {

	private static final CpgClusterSettings CLUSTER = new CpgClusterSettings(Duration.ofMillis(1200), null);

	@Test
	void theLeaseIsHalfOfTheConsensusTimeoutUnlessItIsSetToLess() {
		assertThat(settings(null, null).in("orders", CLUSTER).lease()).hasMillis(600);
		assertThat(settings(Duration.ofMillis(200), null).in("orders", CLUSTER).lease()).hasMillis(200);
		assertThat(settings(Duration.ofMillis(900), null).in("orders", CLUSTER).lease()).hasMillis(600);
	}

	@Test
	void membersThatDoNotSpeakAreAwaitedForTheLongestLeaseThatTheyMayHave() {
		Duration lease = Duration.ofMillis(200);
		assertThat(settings(lease, null).in("orders", CLUSTER).exchangeTimeout()).hasMillis(600);
		assertThat(settings(lease, Duration.ofMillis(300)).in("orders", CLUSTER).exchangeTimeout()).hasMillis(600);
		assertThat(settings(lease, Duration.ofMillis(700)).in("orders", CLUSTER).exchangeTimeout()).hasMillis(700);
	}

	@Test
	void withoutAConsensusTimeoutTheLeaseDecides() {
		ElectionSettings settings = settings(Duration.ofMillis(200), null).in("orders", CpgClusterSettings.UNKNOWN);
		assertThat(settings.lease()).hasMillis(200);
		assertThat(settings.exchangeTimeout()).hasMillis(200);
	}

	private static LeaderElectionSettings settings(@Nullable Duration lease, @Nullable Duration exchange) {
		return new LeaderElectionSettings(List.of(new ElectionSettings.Role("billing", 0, false)), lease, null,
				exchange, Duration.ofSeconds(5), true, false, Map.of());
	}

}

package dev.cpg.client.internal.cpg.delivery;

import java.time.Duration;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.internal.cpg.membership.SessionSettings;

/**
 * Settings of a session for tests that are not about them.
 */
final class TestSettings {

	static final SessionSettings DEFAULT = withQuorum(() -> CpgQuorum.NONE);

	private TestSettings() {
	}

	static SessionSettings withQuorum(Supplier<CpgQuorum> quorum) {
		return new SessionSettings(Duration.ofSeconds(5), Duration.ZERO, Duration.ofSeconds(10), 1 << 20,
				CpgOverflow.BLOCK, 1 << 20, 1 << 22, 0, quorum, CorosyncSetting::toString);
	}

}

package dev.cpg.boot.autoconfigure;

import java.util.Collection;

import dev.cpg.boot.autoconfigure.settings.ForbiddenProfiles;
import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.CpgMembership;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Says what a developer can do on a machine that has no Corosync, where the service may
 * run without it.
 */
final class WithoutCorosync {

	private final boolean possible;

	/**
	 * Creates it.
	 * @param engine what the groups run on, {@code null} if that is a connector of the
	 * application's own
	 */
	WithoutCorosync(@Nullable CpgEngine engine, CpgProperties properties, Environment environment) {
		this.possible = engine != null && engine.mode() == CpgMode.COROSYNC
				&& new ForbiddenProfiles(properties.getEmbedded().getForbiddenProfiles()).findIn(environment) == null;
	}

	/** The memberships were started, and may have found no daemon. */
	void started(Collection<CpgMembership> memberships) {
		if (this.possible && memberships.stream()
			.anyMatch((membership) -> isWithoutCorosync(membership.getGroup().getFailure()))) {
			CpgLog.MEMBERSHIP.info()
				.log("For development on a machine without Corosync: with dev.cpg:cpg-embedded on the classpath and "
						+ "cpg.mode=embedded a service runs on a cluster inside its JVM");
		}
	}

	private static boolean isWithoutCorosync(@Nullable Throwable failure) {
		return failure instanceof CorosyncConnectException ex
				&& (ex.reason() == Reason.NOT_RUNNING || ex.reason() == Reason.UNSUPPORTED_PLATFORM);
	}

}

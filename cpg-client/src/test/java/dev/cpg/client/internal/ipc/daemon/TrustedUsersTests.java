package dev.cpg.client.internal.ipc.daemon;

import java.nio.file.Path;
import java.util.Set;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CsError;
import dev.cpg.client.corosync.CorosyncConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Which users may run the daemon.
 */
class TrustedUsersTests {

	private static final ServiceAddress SERVICE = new ServiceAddress("cpg", Path.of("/run/cpg"));

	private static final long OVERFLOW = 65_534;

	private final UserNamespace machine = new UserNamespace(1000, OVERFLOW, true);

	private final UserNamespace container = new UserNamespace(1000, OVERFLOW, false);

	@ParameterizedTest
	@CsvSource({ "0", "1000" })
	void rootAndTheUserOfThisProcessMayRunTheDaemon(long uid) {
		assertThat(users(this.machine).requirePeer(uid, 7, SERVICE)).isEqualTo(new TrustedUsers.Peer(uid, 7));
		assertThat(users(this.container).requirePeer(uid, 7, SERVICE).uid()).isEqualTo(uid);
	}

	@ParameterizedTest
	@CsvSource({ "1", "999", "1001", "65533", "65534", "65535", "4294967294", "-1" })
	void nobodyElseMayRunTheDaemon(long uid) {
		CorosyncConnectException ex = refused(users(this.machine), uid);
		assertThat(ex.reason()).isEqualTo(Reason.UNTRUSTED_DAEMON);
		assertThat(ex.error()).isEqualTo(CsError.SECURITY);
		assertThat(ex).hasMessageContaining("/run/cpg")
			.hasMessageContaining("user " + uid)
			.hasMessageContaining("process 7")
			.hasMessageContaining("trustedUids=" + uid);
	}

	@Test
	void aUserThatTheApplicationTrustsMayRunTheDaemon() {
		TrustedUsers users = new TrustedUsers(Set.of(999L, OVERFLOW), "trustedUids", this.container);
		assertThat(users.requirePeer(999, 7, SERVICE).uid()).isEqualTo(999);
		assertThat(users.requirePeer(OVERFLOW, 7, SERVICE).uid()).isEqualTo(OVERFLOW);
		assertThat(refused(users, 998)).isNotNull();
	}

	/** Root outside of a user namespace looks like everybody else there. */
	@Test
	void usersThatAreNotMappedMayNotRunTheDaemonUnlessTheApplicationTrustsThemAll() {
		assertThat(refused(users(this.container), OVERFLOW)).hasMessageContaining("root included")
			.hasMessageContaining("trustedUids=65534");
	}

	@Test
	void aNumberThatOthersHaveTooDoesNotStandForTheUserOfThisProcess() {
		assertThat(refused(users(new UserNamespace(OVERFLOW, OVERFLOW, false)), OVERFLOW)).isNotNull();
		TrustedUsers nobody = users(new UserNamespace(OVERFLOW, OVERFLOW, true));
		assertThat(nobody.requirePeer(OVERFLOW, 7, SERVICE).uid()).isEqualTo(OVERFLOW);
	}

	/** Without /proc neither this process's user is known nor, perhaps, the other one. */
	@Test
	void anUnknownUserIsNotTakenForThatOfThisProcess() {
		assertThat(refused(users(new UserNamespace(-1, OVERFLOW, false)), -1)).isNotNull();
	}

	@Test
	void theUserNamespaceOfThisProcessIsRead() {
		UserNamespace namespace = UserNamespace.current();
		assertThat(namespace.self()).isNotNegative();
		assertThat(Path.of("/proc/sys/kernel/overflowuid")).hasContent(Long.toString(namespace.overflow()));
	}

	@Test
	void theEffectiveUserCounts() {
		assertThat(UserNamespace.effectiveUser("Name:\tjava\nUid:\t1000\t1001\t1002\t1003\nGid:\t5\t6\t7\t8\n"))
			.isEqualTo(1001);
	}

	@ParameterizedTest
	@CsvSource({ "-1", "4294967295" })
	void aNumberThatNoUserHasIsNotTaken(long uid) {
		assertThatIllegalArgumentException().isThrownBy(() -> CorosyncConnector.builder().trustedUids(Set.of(uid)))
			.withMessageContaining(Long.toString(uid));
	}

	private static TrustedUsers users(UserNamespace namespace) {
		return new TrustedUsers(Set.of(), "trustedUids", namespace);
	}

	private static CorosyncConnectException refused(TrustedUsers users, long uid) {
		return catchThrowableOfType(CorosyncConnectException.class, () -> users.requirePeer(uid, 7, SERVICE));
	}

}

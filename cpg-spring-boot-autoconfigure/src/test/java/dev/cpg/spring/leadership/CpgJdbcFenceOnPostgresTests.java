package dev.cpg.spring.leadership;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The fence on a real PostgreSQL, and leaders that are stopped in the middle of a
 * transaction.
 */
class CpgJdbcFenceOnPostgresTests extends CpgJdbcFenceContract {

	/** As an administrator sets it for the service's user. */
	private static final String ENDS_IDLE_TRANSACTIONS = "&options=-c%20idle_in_transaction_session_timeout=1s";

	private static PostgresServer server;

	private static DataSource database;

	@BeforeAll
	static void startServer() throws Exception {
		server = PostgresServer.start();
		database = server.dataSource();
	}

	@AfterAll
	static void stopServer() {
		if (server != null) {
			server.close();
		}
	}

	@Override
	DataSource dataSource() {
		return database;
	}

	@Test
	void theCommitOfALeaderThatWasStoppedAfterItsCheckIsRefused() throws Exception {
		try (LeaderProcess former = FencedLeader.start(server.url() + ENDS_IDLE_TRANSACTIONS, 5,
				FencedLeader.Check.FIRST)) {
			former.stopInTransaction();
			// It waits until the server has ended the former leader's session.
			bill(BILLING, 6, 2);
			assertThat(invoices()).containsExactly(2);
			assertThat(former.wake()).startsWith("refused: org.postgresql.");
			assertThat(invoices()).containsExactly(2);
		}
	}

	@Test
	void whatALeaderThatWasStoppedBeforeItsCheckWroteIsRolledBack() throws Exception {
		try (LeaderProcess former = FencedLeader.start(server.url(), 5, FencedLeader.Check.LAST)) {
			former.stopInTransaction();
			bill(BILLING, 6, 2);
			assertThat(former.wake()).startsWith("refused: " + CpgStaleTokenException.class.getName());
			assertThat(invoices()).containsExactly(2);
		}
	}

}

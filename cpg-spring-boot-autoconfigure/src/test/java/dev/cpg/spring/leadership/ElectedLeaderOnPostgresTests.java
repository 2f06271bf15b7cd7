package dev.cpg.spring.leadership;

import java.util.List;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A leader that real daemons elected is stopped in the middle of its transaction on a
 * real PostgreSQL.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class ElectedLeaderOnPostgresTests {

	/** As an administrator sets it for the service's user. */
	private static final String ENDS_IDLE_TRANSACTIONS = "&options=-c%20idle_in_transaction_session_timeout=1s";

	@Test
	void theCommitOfALeaderIsRefusedIfAnotherWasGrantedWhileItWasStopped(CorosyncCluster cluster) throws Exception {
		try (PostgresServer server = PostgresServer.start()) {
			JdbcTemplate jdbc = new JdbcTemplate(server.dataSource());
			jdbc.execute("CREATE TABLE cpg_fence (role VARCHAR(255) PRIMARY KEY, token BIGINT NOT NULL)");
			jdbc.execute("CREATE TABLE invoice (id INT)");
			try (LeaderProcess former = ElectedLeader.start(cluster.node(1), server.url() + ENDS_IDLE_TRANSACTIONS)) {
				long token = granted(former);
				try (LeaderProcess next = ElectedLeader.start(cluster.node(2), server.url())) {
					assertThat(next.said()).isEqualTo(ElectedLeader.READY);
					former.hear("1");
					former.stopInTransaction();
					long larger = granted(next);
					assertThat(larger).isGreaterThan(token);
					// It waits until the server has ended the former leader's session.
					next.hear("2");
					assertThat(next.said()).isEqualTo(LeaderProcess.BEGUN);
					next.hear("");
					assertThat(next.said()).isEqualTo(LeaderProcess.COMMITTED);
					assertThat(former.wake()).startsWith("refused: org.postgresql.");
					assertThat(invoices(jdbc)).containsExactly(2);
					assertThat(new CpgJdbcFence(server.dataSource()).highestToken("billing")).hasValue(larger);
				}
			}
		}
	}

	private static long granted(LeaderProcess leader) throws Exception {
		String said = leader.said();
		while (said.equals(ElectedLeader.READY)) {
			said = leader.said();
		}
		assertThat(said).startsWith(ElectedLeader.GRANTED);
		return Long.parseLong(said.substring(ElectedLeader.GRANTED.length()));
	}

	private static List<Integer> invoices(JdbcTemplate jdbc) {
		return jdbc.query("SELECT id FROM invoice ORDER BY id", (row, number) -> row.getInt(1));
	}

}

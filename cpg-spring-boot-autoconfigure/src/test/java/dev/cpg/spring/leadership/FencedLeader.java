package dev.cpg.spring.leadership;

import java.io.IOException;

import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A leader with a token that it was given, in a JVM of its own.
 */
final class FencedLeader {

	private FencedLeader() {
	}

	/**
	 * Starts a leader that writes an invoice with the number 1 in a transaction.
	 */
	static LeaderProcess start(String url, long token, Check check) throws IOException {
		return LeaderProcess.start(FencedLeader.class, url, Long.toString(token), check.name());
	}

	public static void main(String[] arguments) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(arguments[0]);
		GrantedLeadership leadership = new GrantedLeadership("billing").granted(Long.parseLong(arguments[1]));
		Check check = Check.valueOf(arguments[2]);
		CpgJdbcFence fence = new CpgJdbcFence(dataSource);
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		LeaderProcess.attempt(() -> leadership.runIfLeader(() -> transaction.executeWithoutResult((status) -> {
			if (check == Check.FIRST) {
				fence.check(CpgLeadership.currentToken());
			}
			jdbc.update("INSERT INTO invoice VALUES (1)");
			LeaderProcess.say(LeaderProcess.BEGUN);
			LeaderProcess.readLine();
			if (check == Check.LAST) {
				fence.check(CpgLeadership.currentToken());
			}
		})));
	}

	/** When it checks its token. */
	enum Check {

		/** Before it writes, as it should. */
		FIRST,

		/** Just before the commit. */
		LAST

	}

}

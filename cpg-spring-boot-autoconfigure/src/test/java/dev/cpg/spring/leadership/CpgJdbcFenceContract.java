package dev.cpg.spring.leadership;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a {@link CpgJdbcFence} does on each database.
 */
@Timeout(60)
abstract class CpgJdbcFenceContract {

	static final String BILLING = "billing";

	final JdbcTemplate jdbc = new JdbcTemplate(dataSource());

	final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource()));

	final CpgJdbcFence fence = new CpgJdbcFence(dataSource());

	/** Returns a database, which other tests may have used. */
	abstract DataSource dataSource();

	@BeforeEach
	void createTables() {
		this.jdbc.execute("DROP TABLE IF EXISTS cpg_fence");
		this.jdbc.execute("DROP TABLE IF EXISTS invoice");
		this.jdbc.execute("CREATE TABLE cpg_fence (role VARCHAR(255) PRIMARY KEY, token BIGINT NOT NULL)");
		this.jdbc.execute("CREATE TABLE invoice (id INT)");
	}

	@Test
	void refusesASmallerTokenAndRollsBack() {
		bill(BILLING, 5, 1);
		bill(BILLING, 5, 2);
		bill(BILLING, 6, 3);
		assertThatExceptionOfType(CpgStaleTokenException.class).isThrownBy(() -> bill(BILLING, 5, 4))
			.withMessageContaining("cpg_fence refuses token 5 of role 'billing'")
			.satisfies((ex) -> assertThat(ex.getRole()).isEqualTo(BILLING))
			.satisfies((ex) -> assertThat(ex.getToken()).isEqualTo(5));
		bill(BILLING, 6, 5);
		assertThat(invoices()).containsExactly(1, 2, 3, 5);
	}

	@Test
	void rolesHaveTokensOfTheirOwn() {
		bill(BILLING, 6, 1);
		bill("reports", 5, 2);
		assertThat(this.fence.highestToken(BILLING)).hasValue(6);
		assertThat(this.fence.highestToken("reports")).hasValue(5);
		assertThat(this.fence.highestToken("Billing")).isEmpty();
	}

	@Test
	void aTransactionThatRollsBackLeavesNoToken() {
		this.transaction.executeWithoutResult((status) -> {
			this.fence.check(BILLING, 5);
			status.setRollbackOnly();
		});
		assertThat(this.fence.highestToken(BILLING)).isEmpty();
	}

	@Test
	void protectsNothingWithoutATransaction() {
		assertThatIllegalStateException().isThrownBy(() -> this.fence.check(BILLING, 5))
			.withMessageContaining("without a transaction");
	}

	@Test
	void knowsTheRoleOfTheCallUnderWay() {
		GrantedLeadership billing = new GrantedLeadership(BILLING).granted(5);
		GrantedLeadership reports = new GrantedLeadership("reports").granted(6);
		this.transaction.executeWithoutResult(
				(status) -> billing.runIfLeader(() -> reports.runIfLeader(() -> this.fence.check(5))));
		assertThat(this.fence.highestToken(BILLING)).hasValue(5);
		assertThat(this.fence.highestToken("reports")).isEmpty();
		assertThatIllegalStateException()
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> this.fence.check(5)))
			.withMessageContaining("does not run under token 5");
	}

	@Test
	void theNextLeaderWaitsForATransactionThatPassedAndSeesWhatItWrote() throws Exception {
		bill(BILLING, 5, 1);
		CountDownLatch begun = new CountDownLatch(1);
		CompletableFuture<Object> next = this.transaction.execute((status) -> {
			bill(BILLING, 5, 2);
			CompletableFuture<Object> waiting = nextLeader(6, begun);
			await(begun);
			bill(BILLING, 5, 3);
			assertThat(waiting).isNotDone();
			return waiting;
		});
		assertThat(next.get()).asString().isEqualTo("[1, 2, 3]");
	}

	@ParameterizedTest
	@CsvSource({ "4, 5, refused", "6, 6, [1]" })
	void twoLeadersMayBeTheFirst(long token, long highest, String expected) throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CompletableFuture<Object> next = this.transaction.execute((status) -> {
			bill(BILLING, 5, 1);
			CompletableFuture<Object> waiting = nextLeader(token, begun);
			await(begun);
			return waiting;
		});
		assertThat(next.get()).asString().isEqualTo(expected);
		assertThat(this.fence.highestToken(BILLING)).hasValue(highest);
	}

	@Test
	void theTableMayHaveAnotherName() {
		this.jdbc.execute("ALTER TABLE cpg_fence RENAME TO another_fence");
		CpgJdbcFence another = new CpgJdbcFence(dataSource(), "another_fence");
		try {
			this.transaction.executeWithoutResult((status) -> another.check(BILLING, 5));
			assertThat(another.highestToken(BILLING)).hasValue(5);
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> this.fence.check(BILLING, 5)));
		}
		finally {
			this.jdbc.execute("DROP TABLE another_fence");
		}
	}

	/** Reads the invoices right after its check, on a thread of its own. */
	private CompletableFuture<Object> nextLeader(long token, CountDownLatch begun) {
		return CompletableFuture.supplyAsync(() -> this.transaction.execute((status) -> {
			begun.countDown();
			try {
				this.fence.check(BILLING, token);
				return invoices();
			}
			catch (CpgStaleTokenException ex) {
				status.setRollbackOnly();
				return "refused";
			}
		}), (task) -> new Thread(task, "next leader").start());
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void bill(String role, long token, int invoice) {
		this.transaction.executeWithoutResult((status) -> {
			this.fence.check(role, token);
			this.jdbc.update("INSERT INTO invoice VALUES (?)", invoice);
		});
	}

	List<Integer> invoices() {
		return this.jdbc.query("SELECT id FROM invoice ORDER BY id", (row, number) -> row.getInt(1));
	}

}

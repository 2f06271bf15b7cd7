package dev.cpg.spring.leadership;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.OptionalLong;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.Assert;

/**
 * Lets a database refuse what a former leader does. It keeps the largest token of each
 * role in a table: <pre>{@code
 * CREATE TABLE cpg_fence (role VARCHAR(255) PRIMARY KEY, token BIGINT NOT NULL)
 * }</pre>
 * <p>
 * A transaction of the leader calls {@link #check} before it reads or writes anything
 * else. From then on until it ends, no leader with a larger token can do the same: that
 * one waits, and then sees all that this transaction has written. Afterwards a check with
 * a smaller token fails.
 * <p>
 * A leader that is stopped in the middle of a transaction makes the next one wait, so let
 * the database end such sessions, as PostgreSQL does with
 * {@code idle_in_transaction_session_timeout}; the commit of the former leader fails
 * then.
 * <p>
 * Any thread may call these methods.
 */
public final class CpgJdbcFence implements CpgTokenFloor {

	/** The table, unless another one is named. */
	public static final String DEFAULT_TABLE = "cpg_fence";

	private static final String CONSTRAINT_VIOLATION = "23";

	private final JdbcTemplate jdbc;

	private final String table;

	private final String update;

	private final String insert;

	private final String select;

	/**
	 * Creates a fence with the table {@value #DEFAULT_TABLE}.
	 * @param dataSource the database, that of the transactions that call
	 * {@link #check(String, long)}
	 */
	public CpgJdbcFence(DataSource dataSource) {
		this(dataSource, DEFAULT_TABLE);
	}

	/**
	 * Creates a fence.
	 * @param dataSource the database, that of the transactions that call
	 * {@link #check(String, long)}
	 * @param table the name of the table, with that of its schema if need be
	 */
	public CpgJdbcFence(DataSource dataSource, String table) {
		Assert.hasText(table, "The fence needs the name of its table");
		this.jdbc = new JdbcTemplate(dataSource);
		this.table = table;
		this.update = "UPDATE " + table + " SET token = ? WHERE role = ? AND token <= ?";
		this.insert = "INSERT INTO " + table + " (token, role) VALUES (?, ?)";
		this.select = "SELECT token FROM " + table + " WHERE role = ?";
	}

	/**
	 * Checks a token under which the calling thread runs: the transaction must not be
	 * committed if another member has led since.
	 * @param token the {@link CpgLeadership#currentToken()}
	 * @throws CpgStaleTokenException if the table has a larger token
	 * @throws IllegalStateException if the thread does not run under this token, or
	 * without a transaction
	 * @throws DataAccessException if the database fails
	 */
	public void check(long token) {
		LeaderScope scope = LeaderScope.find((candidate) -> candidate.token() == token);
		if (scope == null) {
			throw new IllegalStateException(
					"This thread does not run under token %d, so its role is not known: use check(role, token)"
						.formatted(token));
		}
		check(scope.role(), token);
	}

	/**
	 * Checks a token: the transaction must not be committed if another member has led
	 * since. The first check of a role adds its row to the table.
	 * @param role the name of the role
	 * @param token the token of the leader
	 * @throws CpgStaleTokenException if the table has a larger token
	 * @throws IllegalStateException if there is no transaction
	 * @throws DataAccessException if the database fails
	 */
	public void check(String role, long token) {
		this.jdbc.execute((ConnectionCallback<@Nullable Void>) (connection) -> {
			check(connection, role, token);
			return null;
		});
	}

	private void check(Connection connection, String role, long token) throws SQLException {
		if (connection.getAutoCommit()) {
			throw new IllegalStateException(
					"The fence of role '%s' is checked without a transaction, so it protects nothing: call it in a transaction of its DataSource, before all else"
						.formatted(role));
		}
		boolean passed = update(connection, role, token) || insert(connection, role, token)
				|| update(connection, role, token);
		if (!passed) {
			throw new CpgStaleTokenException(this.table, role, token);
		}
	}

	private boolean update(Connection connection, String role, long token) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.update)) {
			statement.setLong(1, token);
			statement.setString(2, role);
			statement.setLong(3, token);
			return statement.executeUpdate() != 0;
		}
	}

	/** PostgreSQL lets a transaction go on after an error only from a savepoint. */
	private boolean insert(Connection connection, String role, long token) throws SQLException {
		Savepoint savepoint = connection.setSavepoint();
		try (PreparedStatement statement = connection.prepareStatement(this.insert)) {
			statement.setLong(1, token);
			statement.setString(2, role);
			statement.executeUpdate();
		}
		catch (SQLException ex) {
			if (ex.getSQLState() == null || !ex.getSQLState().startsWith(CONSTRAINT_VIOLATION)) {
				throw ex;
			}
			connection.rollback(savepoint);
			return false;
		}
		connection.releaseSavepoint(savepoint);
		return true;
	}

	@Override
	public OptionalLong highestToken(String role) {
		List<Long> tokens = this.jdbc.query(this.select, (row, number) -> row.getLong(1), role);
		return tokens.stream().mapToLong(Long::longValue).findFirst();
	}

}

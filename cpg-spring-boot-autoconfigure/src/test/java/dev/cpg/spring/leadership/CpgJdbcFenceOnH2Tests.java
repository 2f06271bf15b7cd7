package dev.cpg.spring.leadership;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcDataSource;

class CpgJdbcFenceOnH2Tests extends CpgJdbcFenceContract {

	private static final JdbcDataSource DATABASE = new JdbcDataSource();

	static {
		DATABASE.setURL("jdbc:h2:mem:fence;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=30000");
	}

	@Override
	DataSource dataSource() {
		return DATABASE;
	}

}

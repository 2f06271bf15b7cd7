package dev.cpg.benchmarks.failover;

import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Spring Integration's {@code LockRegistryLeaderInitiator} on a lock in PostgreSQL, with
 * its default times.
 */
final class JdbcCandidate extends DefaultCandidate implements Candidate {

	private final LockRegistryLeaderInitiator initiator;

	private final Runnable granted;

	JdbcCandidate(String url, Runnable granted) {
		this.granted = granted;
		PGSimpleDataSource database = new PGSimpleDataSource();
		database.setUrl(url);
		DefaultLockRepository repository = new DefaultLockRepository(database);
		repository.setTransactionManager(new JdbcTransactionManager(database));
		repository.afterPropertiesSet();
		repository.afterSingletonsInstantiated();
		repository.start();
		this.initiator = new LockRegistryLeaderInitiator(new JdbcLockRegistry(repository), this);
		this.initiator.start();
	}

	@Override
	public void onGranted(Context context) {
		this.granted.run();
	}

	@Override
	public boolean isIn() {
		return this.initiator.isRunning();
	}

	@Override
	public void giveUp() {
		this.initiator.getContext().yield();
	}

}

package dev.cpg.benchmarks.failover;

/**
 * What is compared.
 */
enum Side {

	/** The election of this project. */
	OURS("ours", 0) {

		@Override
		Candidate candidate(String[] arguments, Runnable granted, Runnable noticed) {
			return new CpgCandidate(arguments[0], granted, noticed);
		}

	},

	/** The coordinator of a JGroups cluster. */
	JGROUPS("jgroups", 0) {

		@Override
		Candidate candidate(String[] arguments, Runnable granted, Runnable noticed) throws Exception {
			return new JGroupsCandidate(arguments.length > 0, granted);
		}

	},

	/** Curator's {@code LeaderLatch} on ZooKeeper. */
	CURATOR("curator", 6_667) {

		@Override
		Candidate candidate(String[] arguments, Runnable granted, Runnable noticed) throws Exception {
			return new CuratorCandidate(arguments[0], granted);
		}

	},

	/** Spring Integration's leader by a lock in a database. */
	JDBC("spring-integration-jdbc", 500) {

		@Override
		Candidate candidate(String[] arguments, Runnable granted, Runnable noticed) {
			return new JdbcCandidate(arguments[0], granted);
		}

	};

	private final String label;

	private final int heartbeatMillis;

	Side(String label, int heartbeatMillis) {
		this.label = label;
		this.heartbeatMillis = heartbeatMillis;
	}

	/**
	 * Creates a candidate in this process.
	 * @param granted is called when it leads
	 * @param noticed is called when it notices that there is no leader, if its library
	 * says so
	 */
	abstract Candidate candidate(String[] arguments, Runnable granted, Runnable noticed) throws Exception;

	/**
	 * How often the leader renews what runs out after its death, 0 for nothing: by
	 * default, Spring Integration writes to the lock twice a second, and ZooKeeper's
	 * client sends a ping in a third of its session timeout.
	 */
	int heartbeatMillis() {
		return this.heartbeatMillis;
	}

	@Override
	public String toString() {
		return this.label;
	}

}

package dev.cpg.benchmarks.failover;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.cpg.benchmarks.failover.CandidateProcess.Grant;

/**
 * The candidates of one side, each in a place of its own, where another one is started
 * when it was killed.
 */
final class Contest implements AutoCloseable {

	private static final int LIMIT_SECONDS = 180;

	private final Side side;

	/** What a candidate at each place gets. */
	private final List<List<String>> places;

	private final BlockingQueue<Grant> grants = new LinkedBlockingQueue<>();

	private final List<CandidateProcess> candidates = new ArrayList<>();

	private final Times failovers = new Times();

	private final Times noticed = new Times();

	private final Times yields = new Times();

	private CandidateProcess leader;

	Contest(Side side, List<List<String>> places) {
		this.side = side;
		this.places = places;
		for (int place = 0; place < places.size(); place++) {
			this.candidates.add(start(place, (place == 0) ? List.of("first") : List.of()));
		}
		this.leader = next().candidate();
	}

	private CandidateProcess start(int place, List<String> more) {
		List<String> arguments = new ArrayList<>(this.places.get(place));
		arguments.addAll(more);
		return new CandidateProcess(this.side, place, arguments, this.grants);
	}

	Side side() {
		return this.side;
	}

	/**
	 * Kills the leader, and waits until another candidate leads.
	 * @return who was killed
	 */
	CandidateProcess kill() {
		CandidateProcess former = leader();
		long since = former.kill();
		Grant grant = next();
		this.leader = grant.candidate();
		this.failovers.add(grant.nanos() - since);
		if (grant.candidate().noticed() != 0) {
			this.noticed.add(grant.candidate().noticed() - since);
		}
		return former;
	}

	/** Starts another candidate where one was killed. */
	void replace(CandidateProcess killed) {
		this.candidates.set(killed.place(), start(killed.place(), List.of()));
	}

	/**
	 * Has the leader give the leadership up, and waits until a candidate leads. Where
	 * that may be the same one, it does not count.
	 * @param counts whether it counts otherwise
	 */
	void giveUp(boolean counts) {
		CandidateProcess former = leader();
		long since = former.giveUp();
		Grant grant = next();
		if (grant.candidate() != former) {
			this.leader = grant.candidate();
			if (counts) {
				this.yields.add(grant.nanos() - since);
			}
		}
		former.awaitIn();
	}

	/**
	 * Returns the leader: the last one may have lost the leadership, and another one got
	 * it.
	 */
	private CandidateProcess leader() {
		for (Grant grant = this.grants.poll(); grant != null; grant = this.grants.poll()) {
			this.leader = grant.candidate();
		}
		return this.leader;
	}

	private Grant next() {
		try {
			Grant grant = this.grants.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
			if (grant == null) {
				throw new IllegalStateException(this.side + " has no leader within " + LIMIT_SECONDS + " s");
			}
			return grant;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** From the death of a leader to the grant of another one. */
	Times failovers() {
		return this.failovers;
	}

	/** From the moment that a leader gave up to the grant of another one. */
	Times yields() {
		return this.yields;
	}

	void print(PrintStream out) {
		this.failovers.print("failover." + this.side, out);
		if (this.noticed.count() > 0) {
			this.noticed.print("failover." + this.side + ".noticed", out);
		}
		this.yields.print("yield." + this.side, out);
	}

	@Override
	public void close() {
		this.candidates.forEach(CandidateProcess::close);
	}

}

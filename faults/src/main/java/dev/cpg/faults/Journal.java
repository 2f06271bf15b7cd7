package dev.cpg.faults;

import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

import dev.cpg.faults.history.HistoryWriter;

/**
 * Records what is done to a cluster and its members. Any thread may call it.
 */
final class Journal implements AutoCloseable {

	private final HistoryWriter history;

	private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);

	private int id;

	Journal(Path directory) {
		this.history = HistoryWriter.open(directory.resolve("injector.history"));
	}

	void round(int number, int nodes, long seed) {
		this.history.write("round", "n", number, "nodes", nodes, "seed", seed);
	}

	/**
	 * A fault begins.
	 * @return its id
	 */
	synchronized int fault(FaultKind kind, String target, Collection<Integer> nodes, long millis) {
		this.id++;
		this.counts.merge(kind, 1, Integer::sum);
		this.history.write("fault", "kind", kind, "target", target, "nodes", nodes, "for", millis + "ms", "id",
				this.id);
		return this.id;
	}

	void over(int fault) {
		this.history.write("over", "id", fault);
	}

	void died(MemberProcess member) {
		String address = member.address();
		if (address != null) {
			this.history.write("died", "name", member.name(), "member", address);
		}
		else {
			died(member.name());
		}
	}

	/** A process may have ended without a leave. */
	void died(String name) {
		this.history.write("died", "name", name);
	}

	void ended(String name) {
		this.history.write("ended", "name", name);
	}

	void daemonDied(int node) {
		this.history.write("daemondied", "node", node);
	}

	void calm() {
		this.history.write("calm");
	}

	void agreed() {
		this.history.write("agreed");
	}

	/** Returns how many faults of each kind there were. */
	synchronized Map<FaultKind, Integer> counts() {
		return Map.copyOf(this.counts);
	}

	@Override
	public void close() {
		this.history.close();
	}

}

package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.client.RingId;

/**
 * Which daemons reach each other, and the rings that they form. Daemons whose network is
 * not cut between them reach each other while they run; if such a set of daemons is no
 * ring, it becomes one after a delay.
 */
final class Topology {

	/** By how much a ring's sequence grows, as totem's does. */
	private static final long SEQUENCE_STEP = 4;

	private final List<Daemon> daemons = new ArrayList<>();

	private final Engine engine;

	private final EmbeddedSettings settings;

	private final History history;

	Topology(Engine engine, EmbeddedSettings settings, History history) {
		this.engine = engine;
		this.settings = settings;
		this.history = history;
	}

	History history() {
		return this.history;
	}

	/** Adds a daemon; they are added by node id. */
	void add(Daemon daemon) {
		this.daemons.add(daemon);
	}

	/**
	 * Something has changed: a daemon runs or does not, or the network was cut or healed.
	 * @param delay how long the daemons that it concerns take to form another ring
	 */
	void changed(long delay) {
		long due = this.engine.nanoTime() + delay;
		for (Daemon daemon : this.daemons) {
			List<Daemon> reachable = daemon.isActive() ? this.daemons.stream().filter(daemon::reaches).toList()
					: List.of();
			if (!reachable.equals(daemon.reachable())) {
				daemon.setReachable(reachable, due);
			}
		}
		for (Daemon daemon : this.daemons) {
			daemon.ring().checkWhole();
			daemon.update();
		}
		this.engine.schedule(due, () -> {
		});
	}

	/** As {@link #changed(long)}, with the delay that a failure is noticed after. */
	void changed() {
		changed(this.settings.formationDelay().toNanos());
	}

	/** Returns the step in which a daemon that represents others forms a ring. */
	Step formation(Daemon representative) {
		return new Formation(representative);
	}

	/**
	 * Forms a ring. First those who come together from one former ring deliver what any
	 * of them has received of its messages; what none of them has is lost to them.
	 */
	void form(List<Daemon> nodes) {
		Map<Ring, List<Daemon>> byRing = new LinkedHashMap<>();
		nodes.forEach((node) -> byRing.computeIfAbsent(node.ring(), (ring) -> new ArrayList<>()).add(node));
		if (!this.settings.has(Mutation.NO_RECOVERY)) {
			byRing.values().forEach(Topology::recover);
		}
		nodes.forEach(Daemon::deliverAll);
		Ring ring = new Ring(new RingId(nodes.get(0).nodeId(), nextSequence(nodes)), nodes);
		this.history.add(ring + " is formed");
		byRing.values().forEach((stayed) -> stayed.forEach((node) -> node.enter(ring, stayed)));
		byRing.keySet().forEach(Ring::checkWhole);
		ring.checkWhole();
	}

	private static void recover(List<Daemon> nodes) {
		long received = nodes.stream().mapToLong(Daemon::received).max().orElseThrow();
		nodes.forEach((node) -> node.receiveUpTo(received));
	}

	private long nextSequence(List<Daemon> nodes) {
		long sequence = this.settings.has(Mutation.SEQUENCE_OF_REPRESENTATIVE) ? nodes.get(0).lastSequence()
				: nodes.stream().mapToLong(Daemon::lastSequence).max().orElseThrow();
		return sequence + SEQUENCE_STEP;
	}

	private final class Formation implements Step {

		private final Daemon representative;

		private Formation(Daemon representative) {
			this.representative = representative;
		}

		@Override
		public boolean isEnabled() {
			List<Daemon> reachable = this.representative.reachable();
			return !reachable.isEmpty() && reachable.get(0) == this.representative && !isRing(reachable)
					&& Topology.this.engine.nanoTime() >= this.representative.formationDue();
		}

		private static boolean isRing(List<Daemon> nodes) {
			Ring ring = nodes.get(0).ring();
			return ring.members().size() == nodes.size() && nodes.stream().allMatch((node) -> node.ring() == ring);
		}

		@Override
		public void run() {
			form(this.representative.reachable());
		}

	}

}

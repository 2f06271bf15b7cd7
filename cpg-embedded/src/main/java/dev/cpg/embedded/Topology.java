package dev.cpg.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cpg.client.RingId;

/**
 * Which daemons reach each other, and the rings that they form. Daemons that hear each
 * other reach each other while they run; whoever is not in one ring with those is in
 * another one after a delay.
 */
final class Topology {

	/** By how much a ring's sequence grows, as totem's does. */
	private static final long SEQUENCE_STEP = 4;

	/** How long rings that cannot stay do so at least. */
	private static final long MIN_INTERVAL_NANOS = 1_000_000;

	private final List<Daemon> daemons = new ArrayList<>();

	private final Network network = new Network();

	/** By their representatives. */
	private final Map<Daemon, Component> components = new LinkedHashMap<>();

	private final Engine engine;

	private final EmbeddedSettings settings;

	private final History history;

	private final int maxFormations;

	/**
	 * Creates it.
	 * @param maxFormations how often daemons form rings where none can stay
	 */
	Topology(Engine engine, EmbeddedSettings settings, History history, int maxFormations) {
		this.engine = engine;
		this.settings = settings;
		this.history = history;
		this.maxFormations = maxFormations;
	}

	History history() {
		return this.history;
	}

	/** Adds a daemon; they are added by node id. */
	void add(Daemon daemon) {
		this.daemons.add(daemon);
	}

	Network network() {
		return this.network;
	}

	/**
	 * Something has changed: a daemon runs or does not, or the network was cut or healed.
	 * @param delay how long the daemons that it concerns take to form other rings
	 */
	void changed(long delay) {
		long due = this.engine.nanoTime() + delay;
		this.daemons.forEach((daemon) -> daemon.setReachable(reachableFrom(daemon)));
		Map<Daemon, Component> former = Map.copyOf(this.components);
		this.components.clear();
		Set<Daemon> seen = new HashSet<>();
		for (Daemon daemon : this.daemons) {
			if (daemon.isActive() && seen.add(daemon)) {
				List<Daemon> connected = connectedTo(daemon);
				seen.addAll(connected);
				long firstDue = firstDue(connected, former.values(), due);
				Component now = new Component(connected, firstDue, this.maxFormations);
				wakeAt(firstDue);
				Component before = former.get(daemon);
				this.components.put(daemon, (before != null && before.isLike(now)) ? before : now);
			}
		}
		for (Daemon daemon : this.daemons) {
			daemon.ring().checkWhole();
			daemon.update();
		}
	}

	/**
	 * Returns when daemons form a ring. Some may have lost others a moment ago: they give
	 * them up no sooner because somebody else is stopped.
	 */
	private static long firstDue(List<Daemon> daemons, Collection<Component> former, long due) {
		return former.stream()
			.filter((component) -> component.hasAnyOf(daemons))
			.flatMapToLong((component) -> component.firstDue().stream())
			.reduce(due, Math::max);
	}

	private void wakeAt(long time) {
		this.engine.schedule(time, () -> {
		});
	}

	private List<Daemon> reachableFrom(Daemon daemon) {
		if (!daemon.isActive()) {
			return List.of();
		}
		return this.daemons.stream()
			.filter((other) -> other.isActive() && this.network.connects(daemon.nodeId(), other.nodeId()))
			.toList();
	}

	/** Returns whom a daemon reaches, directly or through others, by node id. */
	private List<Daemon> connectedTo(Daemon daemon) {
		Set<Daemon> connected = new LinkedHashSet<>();
		Deque<Daemon> next = new ArrayDeque<>(List.of(daemon));
		while (!next.isEmpty()) {
			Daemon each = next.remove();
			if (connected.add(each)) {
				next.addAll(each.reachable());
			}
		}
		return this.daemons.stream().filter(connected::contains).toList();
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

	private void form(Component component) {
		component.rings(this.engine::choose).forEach(this::form);
		long next = this.engine.nanoTime() + Math.max(MIN_INTERVAL_NANOS, this.settings.formationDelay().toNanos());
		if (component.formed(next)) {
			wakeAt(next);
		}
	}

	private final class Formation implements Step {

		private final Daemon representative;

		private Formation(Daemon representative) {
			this.representative = representative;
		}

		@Override
		public boolean isEnabled() {
			Component component = Topology.this.components.get(this.representative);
			return component != null && component.isDue(Topology.this.engine.nanoTime());
		}

		@Override
		public void run() {
			form(Objects.requireNonNull(Topology.this.components.get(this.representative)));
		}

	}

}

package dev.cpg.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;

/**
 * Groups of three members of each side, on one node and on three, in turn: one of them
 * sends as fast as it can, or all do.
 */
final class Peers implements AutoCloseable {

	private static final Duration TOKEN = Duration.ofSeconds(5);

	private static final int MEMBERS = 3;

	/** How often JGroups may stall before it has begun. */
	private static final int STARTS = 3;

	private static final List<Integer> SIZES = List.of(64, 1000, 8192, 65536);

	/** A short message and a long one compile most of the code. */
	private static final List<Integer> SHORT_AND_LONG = List.of(64, 8192);

	private static final String MESSAGES = "messages";

	private static final String ELAPSED = "elapsed_ns";

	private final PeersScale scale;

	private final PeersResults results;

	private final String nodes;

	private final CorosyncCluster cluster;

	private final Map<PeersSide, List<Peer>> members = new EnumMap<>(PeersSide.class);

	private Peers(PeersScale scale, PeersResults results, int nodes) {
		this.scale = scale;
		this.results = results;
		this.nodes = (nodes == 1) ? "1node" : nodes + "nodes";
		say("starting a cluster of %d, and %d members of each side", nodes, MEMBERS);
		this.cluster = Clusters.start(CorosyncCluster.builder().nodes(nodes).token(TOKEN).mtu(Clusters.MTU));
		for (PeersSide side : PeersSide.values()) {
			this.members.put(side, new ArrayList<>());
			start(side);
		}
	}

	static PeersResults run(PeersScale scale) {
		PeersResults results = new PeersResults();
		for (int nodes : List.of(1, MEMBERS)) {
			try (Peers peers = new Peers(scale, results, nodes)) {
				for (int size : SIZES) {
					peers.throughput(size, 1);
					peers.throughput(size, MEMBERS);
				}
				peers.roundTrip();
			}
		}
		return results;
	}

	private static void say(String format, Object... arguments) {
		System.err.printf("bench: " + format + "%n", arguments);
	}

	/** JGroups stalls while it warms up, too. */
	private void start(PeersSide side) {
		for (int attempt = 1;; attempt++) {
			try {
				startOnce(side);
				return;
			}
			catch (BenchmarkException ex) {
				stalled("start", side, ex);
				if (attempt == STARTS) {
					throw ex;
				}
			}
		}
	}

	private void startOnce(PeersSide side) {
		List<CorosyncNode> places = IntStream.range(0, MEMBERS)
			.mapToObj((place) -> this.cluster.node(place % this.cluster.nodes().size() + 1))
			.toList();
		List<String> addresses = places.stream()
			.map(CorosyncNode::nodeId)
			.distinct()
			.map((nodeId) -> "10.77.0." + nodeId)
			.toList();
		List<Peer> started = of(side);
		for (CorosyncNode node : places) {
			Peer peer = side.start(node, addresses);
			started.add(peer);
			peer.command("join peers-" + side);
		}
		if (!side.isCompiled()) {
			for (int size : SHORT_AND_LONG) {
				all(started, "throughput " + size + " " + this.scale.compileMillis() / SHORT_AND_LONG.size());
			}
		}
	}

	private List<Peer> of(PeersSide side) {
		return this.members.getOrDefault(side, List.of());
	}

	private static List<Map<String, Long>> all(List<Peer> peers, String command) {
		peers.forEach((peer) -> peer.begin(command));
		return peers.stream().map((peer) -> peer.answer(command)).toList();
	}

	/**
	 * Runs all sides in turn, beginning with another one each time, after a run of each
	 * that does not count.
	 */
	private void inTurn(String name, Predicate<PeersSide> takesPart, BiConsumer<PeersSide, Boolean> run) {
		List<PeersSide> order = Stream.of(PeersSide.values())
			.filter(takesPart)
			.collect(Collectors.toCollection(ArrayList::new));
		for (int round = 0; round <= this.scale.rounds(); round++) {
			boolean counts = round > 0;
			order.forEach((side) -> run(name, side, () -> run.accept(side, counts)));
			Collections.rotate(order, 1);
		}
		say("%s: %s", name, this.results.medians("throughput." + name));
	}

	/**
	 * JGroups stalls now and then under this load. Such a run does not count, and its
	 * members are replaced.
	 */
	private void run(String name, PeersSide side, Runnable run) {
		try {
			run.run();
		}
		catch (BenchmarkException ex) {
			stalled(name, side, ex);
			start(side);
		}
	}

	private void stalled(String name, PeersSide side, BenchmarkException ex) {
		if (!side.isJGroups()) {
			throw ex;
		}
		say("%s: %s stalled: %s", name, side, ex);
		this.results.stalled(name, side);
		of(side).forEach(Peer::close);
		of(side).clear();
	}

	private void throughput(int size, int senders) {
		String name = this.nodes + "." + senders + ((senders == 1) ? "sender." : "senders.") + size;
		say("throughput, %s", name);
		inTurn(name, (side) -> side.isOrdered() || senders == 1, (side, counts) -> {
			Spent before = spent(side);
			Sent sent = (senders == 1) ? one(side, size) : every(of(side), size);
			Spent used = spent(side).since(before);
			if (counts) {
				this.results.of("throughput." + name, side).add(sent.messages * 1e9 / sent.nanos);
				this.results.of("client." + name, side).add(used.members * 1e6 / sent.messages);
				this.results.of("all." + name, side).add((used.members + used.daemons) * 1e6 / sent.messages);
			}
		});
	}

	/** Processor time in seconds so far. */
	private Spent spent(PeersSide side) {
		double daemons = this.cluster.nodes()
			.stream()
			.flatMap((node) -> node.pid().stream())
			.mapToDouble(Load::seconds)
			.sum();
		return new Spent(of(side).stream().mapToDouble((peer) -> Load.seconds(peer.pid())).sum(), daemons);
	}

	/**
	 * One member sends, the others receive until they have all of it. It is the first
	 * one, which orders the messages of JGroups and so need not send them there first.
	 */
	private Sent one(PeersSide side, int size) {
		List<Peer> peers = of(side);
		Peer sender = peers.get(0);
		List<Peer> receivers = peers.subList(1, side.isOrdered() ? peers.size() : 2);
		// What was sent before does not count.
		receivers.forEach((peer) -> peer.begin("receive"));
		sender.command("mark");
		receivers.forEach((peer) -> peer.answer("receive"));
		receivers.forEach((peer) -> peer.begin("receive"));
		Map<String, Long> sent = sender.command(throughputOf(size));
		sender.command("mark");
		long nanos = sent.getOrDefault(ELAPSED, 0L);
		long messages = sent.getOrDefault(MESSAGES, 0L);
		for (Peer receiver : receivers) {
			Map<String, Long> received = receiver.answer("receive");
			if (received.getOrDefault(MESSAGES, 0L) != messages) {
				throw new BenchmarkException(receiver + " got " + received + " of " + sent, null);
			}
			nanos = Math.max(nanos, received.getOrDefault(ELAPSED, 0L));
		}
		return new Sent(messages, nanos);
	}

	/** All members send, and receive what the others send. */
	private Sent every(List<Peer> peers, int size) {
		long start = System.nanoTime();
		List<Map<String, Long>> answers = all(peers, throughputOf(size));
		long nanos = System.nanoTime() - start;
		return new Sent(answers.stream().mapToLong((answer) -> answer.getOrDefault(MESSAGES, 0L)).sum(), nanos);
	}

	private String throughputOf(int size) {
		return "throughput " + size + " " + this.scale.runMillis();
	}

	private void roundTrip() {
		say("round trip, %s", this.nodes);
		inTurn("roundtrip." + this.nodes, PeersSide::isOrdered, (side, counts) -> {
			List<Peer> receivers = new ArrayList<>(of(side));
			// The first member of JGroups orders the messages, and has its own at once.
			Peer pinger = receivers.remove(1);
			receivers.forEach((peer) -> peer.begin("receive"));
			Map<String, Long> answer = pinger.command("ping " + this.scale.pings());
			pinger.command("mark");
			receivers.forEach((peer) -> peer.answer("receive"));
			if (counts) {
				answer.forEach(
						(key, value) -> this.results.of("roundtrip." + this.nodes + "." + key.replace("_ns", ""), side)
							.add(value / 1000.0));
			}
		});
	}

	@Override
	public void close() {
		this.members.values().forEach((peers) -> peers.forEach(Peer::close));
		this.cluster.close();
	}

	/**
	 * What was sent, and delivered to all members.
	 *
	 * @param messages how many messages
	 * @param nanos how long that took
	 */
	private record Sent(long messages, long nanos) {

	}

	/**
	 * Processor time in seconds.
	 *
	 * @param members of the members of a side
	 * @param daemons of all daemons
	 */
	private record Spent(double members, double daemons) {

		Spent since(Spent before) {
			return new Spent(this.members - before.members, this.daemons - before.daemons);
		}

	}

}

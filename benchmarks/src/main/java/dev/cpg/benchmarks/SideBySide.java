package dev.cpg.benchmarks;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import dev.cpg.test.CorosyncCluster;

/**
 * Runs ours and libcpg in turn on the same daemons. Each case consists of pairs of runs,
 * whose order alternates, after one run of each side that does not count.
 */
final class SideBySide implements AutoCloseable {

	/** The daemons have no real-time priority here. */
	private static final Duration TOKEN = Duration.ofSeconds(5);

	private static final double BUSY = 1;

	/** A short message and a long one, which are hashed in different ways. */
	private static final List<Integer> SHORT_AND_LONG = List.of(64, 1000);

	private static final String MESSAGES = "messages";

	private static final String CPU = "cpu_ns";

	private final Scale scale;

	private final Results results;

	private final CorosyncCluster cluster;

	private final List<Peer> started = new ArrayList<>();

	private final Map<Side, List<Peer>> senders = new EnumMap<>(Side.class);

	private SideBySide(Scale scale, Results results, int nodes) {
		this.scale = scale;
		this.results = results;
		say("starting a cluster of %d", nodes);
		warnIfBusy();
		this.cluster = Clusters.start(CorosyncCluster.builder().nodes(nodes).token(TOKEN).mtu(Clusters.MTU));
		for (Side side : Side.values()) {
			this.senders.put(side, new ArrayList<>());
			addSenders(side, 1);
		}
	}

	static Results run(Scale scale) {
		Results results = new Results();
		try (SideBySide one = new SideBySide(scale, results, 1)) {
			one.idle();
			one.throughput("1node", Scale.SIZES);
			one.roundTrip("roundtrip");
			one.connect();
			one.receive();
		}
		try (SideBySide three = new SideBySide(scale, results, 3)) {
			three.throughput("3nodes", Scale.SIZES);
			three.roundTrip("roundtrip.3nodes");
			for (Side side : Side.values()) {
				three.addSenders(side, 2, 3);
			}
			three.throughput("3senders", scale.manySenderSizes());
		}
		return results;
	}

	/** Other programs that run now would be measured, too. */
	private static void warnIfBusy() {
		double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
		if (load > BUSY) {
			say("WARNING: the load average of the last minute is %.2f; if other programs cause it, the figures mean little",
					load);
		}
	}

	private static void say(String format, Object... arguments) {
		System.err.printf("bench: " + format + "%n", arguments);
	}

	/**
	 * Compiles most of the code. Short and long messages use different parts of it, so
	 * both are sent.
	 */
	private void compile(Side side, List<Peer> peers) {
		if (side == Side.OURS) {
			for (int size : SHORT_AND_LONG) {
				String command = "throughput " + size + " " + compileMillis();
				peers.forEach((peer) -> peer.begin(command));
				peers.forEach((peer) -> peer.answer(command));
			}
		}
	}

	private long compileMillis() {
		return this.scale.compileMillis() / SHORT_AND_LONG.size();
	}

	private Peer startPeer(Side side, int node) {
		Peer peer = Peer.start(side, this.cluster.node(node));
		this.started.add(peer);
		return peer;
	}

	private List<Peer> sendersOf(Side side) {
		return this.senders.getOrDefault(side, List.of());
	}

	private void addSenders(Side side, int... nodes) {
		List<Peer> added = IntStream.of(nodes).mapToObj((node) -> startPeer(side, node)).toList();
		added.forEach((peer) -> peer.command("join bench-" + side));
		compile(side, added);
		sendersOf(side).addAll(added);
	}

	/**
	 * Measures in pairs, so that each side has the advantage of the first place, if there
	 * is one, equally often.
	 */
	private void pairs(BiConsumer<Side, Boolean> run) {
		for (Side side : Side.values()) {
			run.accept(side, false);
		}
		for (int pair = 0; pair < this.scale.pairs(); pair++) {
			run.accept((pair % 2 == 0) ? Side.OURS : Side.LIBCPG, true);
			run.accept((pair % 2 == 0) ? Side.LIBCPG : Side.OURS, true);
		}
	}

	private void throughput(String what, List<Integer> sizes) {
		for (int size : sizes) {
			say("throughput, %s, %d bytes", what, size);
			pairs((side, counts) -> throughput(what + "." + size, size, side, counts));
		}
	}

	private void throughput(String name, int size, Side side, boolean counts) {
		long millis = counts ? this.scale.runMillis() : warmUpMillis(side);
		List<Peer> peers = sendersOf(side);
		String command = "throughput " + size + " " + millis;
		Load before = Load.of(this.cluster);
		long start = System.nanoTime();
		peers.forEach((peer) -> peer.begin(command));
		List<Map<String, Long>> answers = peers.stream().map((peer) -> peer.answer(command)).toList();
		long elapsed = (peers.size() == 1) ? answers.get(0).getOrDefault("elapsed_ns", 0L) : System.nanoTime() - start;
		Load.Share share = Load.of(this.cluster).since(before);
		if (!counts) {
			return;
		}
		double messages = sum(answers, MESSAGES);
		this.results.of("throughput." + name, "messages/s").of(side).add(messages * 1e9 / elapsed);
		this.results.of("cpu." + name, "us/message").of(side).add(sum(answers, CPU) / messages / 1000);
		this.results.figure("daemon." + name + "." + side + ".busiest").add(share.busiestDaemon());
		this.results.figure("daemon." + name + "." + side + ".all").add(share.daemons());
		this.results.figure("machine." + name + "." + side).add(share.machine());
		this.results.figure("lost." + name + "." + side).add(sum(answers, "lost"));
		if (side == Side.OURS) {
			this.results.figure("ours.alloc.sent." + name).add(sum(answers, "sender_bytes") / messages);
		}
	}

	private long warmUpMillis(Side side) {
		return (side == Side.OURS) ? this.scale.warmUpMillis() : this.scale.runMillis() / 3;
	}

	private static double sum(List<Map<String, Long>> answers, String name) {
		return answers.stream().mapToLong((answer) -> answer.getOrDefault(name, 0L)).sum();
	}

	private void roundTrip(String name) {
		say("round trip, %s", name);
		pairs((side, counts) -> {
			Map<String, Long> answer = sendersOf(side).get(0).command("ping " + this.scale.pings());
			if (counts) {
				this.results.of(name + ".p50", "us").of(side).add(micros(answer, "p50_ns"));
				this.results.of(name + ".p99", "us").of(side).add(micros(answer, "p99_ns"));
				if (side == Side.OURS) {
					this.results.figure("ours." + name + ".future.p50_us").add(micros(answer, "future_p50_ns"));
					this.results.figure("ours." + name + ".future.p99_us").add(micros(answer, "future_p99_ns"));
				}
			}
		});
	}

	private static double micros(Map<String, Long> answer, String name) {
		return answer.getOrDefault(name, 0L) / 1000.0;
	}

	private void connect() {
		say("connect and join");
		pairs((side, counts) -> {
			Map<String, Long> answer = sendersOf(side).get(0).command("connect " + this.scale.connects());
			if (counts) {
				this.results.of("connect", "us").of(side).add(micros(answer, "connect_ns"));
				this.results.of("join", "us").of(side).add(micros(answer, "join_ns"));
			}
		});
	}

	/**
	 * A libcpg program sends to a member of each side, in a group for each pair.
	 */
	private void receive() {
		Map<Side, Peer> feeders = new EnumMap<>(Side.class);
		Map<Side, Peer> receivers = new EnumMap<>(Side.class);
		for (Side side : Side.values()) {
			feeders.put(side, startPeer(Side.LIBCPG, 1));
			receivers.put(side, startPeer(side, 1));
		}
		feeders.forEach((side, peer) -> peer.command("join receive-" + side));
		receivers.forEach((side, peer) -> {
			peer.command("join receive-" + side);
			compile(side, List.of(peer));
		});
		for (int size : SHORT_AND_LONG) {
			say("receive, %d bytes", size);
			pairs((side, counts) -> {
				long millis = (counts || side == Side.LIBCPG) ? this.scale.runMillis() : compileMillis();
				Map<String, Long> answer = receive(size, millis, Objects.requireNonNull(feeders.get(side)),
						Objects.requireNonNull(receivers.get(side)));
				if (counts) {
					count(size, side, answer);
				}
			});
		}
	}

	private static Map<String, Long> receive(int size, long millis, Peer feeder, Peer receiver) {
		receiver.begin("receive");
		feeder.command("throughput " + size + " " + millis);
		feeder.command("mark");
		return receiver.answer("receive");
	}

	private void count(int size, Side side, Map<String, Long> answer) {
		double messages = answer.getOrDefault(MESSAGES, 0L);
		this.results.of("receive." + size, "messages/s")
			.of(side)
			.add(messages * 1e9 / answer.getOrDefault("elapsed_ns", 0L));
		this.results.of("cpu.receive." + size, "us/message")
			.of(side)
			.add(answer.getOrDefault(CPU, 0L) / messages / 1000);
		if (side == Side.OURS) {
			this.results.figure("ours.alloc.received." + size)
				.add(answer.getOrDefault("receiver_bytes", 0L) / messages);
		}
	}

	/** A fresh JVM, before it connects and after, and a fresh libcpg program. */
	private void idle() {
		say("idle");
		try (Peer ours = Peer.start(Side.OURS, this.cluster.node(1));
				Peer libcpg = Peer.start(Side.LIBCPG, this.cluster.node(1))) {
			ours.command("idle 1000");
			Map<String, Long> baseline = idle(ours);
			ours.command("join idle-ours");
			ours.command("idle 1000");
			Map<String, Long> connected = idle(ours);
			libcpg.command("join idle-libcpg");
			Map<String, Long> library = idle(libcpg);
			this.results.figure("ours.idle.cpu_ms_per_s").add(millisPerSecond(connected, "threads_cpu_ns"));
			this.results.figure("ours.idle.process_ms_per_s").add(millisPerSecond(connected, CPU));
			this.results.figure("jvm.idle.process_ms_per_s").add(millisPerSecond(baseline, CPU));
			this.results.figure("libcpg.idle.cpu_ms_per_s").add(millisPerSecond(library, CPU));
		}
	}

	private Map<String, Long> idle(Peer peer) {
		return peer.command("idle " + this.scale.idleMillis());
	}

	private double millisPerSecond(Map<String, Long> answer, String name) {
		return answer.getOrDefault(name, 0L) / 1e6 / (this.scale.idleMillis() / 1000.0);
	}

	@Override
	public void close() {
		this.started.forEach(Peer::close);
		this.cluster.close();
	}

}

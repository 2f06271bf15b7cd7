package dev.cpg.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

import dev.cpg.benchmarks.service.Service;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import org.jspecify.annotations.Nullable;

/**
 * The time that one service takes to start without the starter's jars, with them but
 * disabled, and as a member of a group: one after the other in fresh JVMs, several times.
 * If the JDK has an ahead-of-time cache (25 and later, JEP 514), also with the cache that
 * an earlier start made.
 */
final class StartUps {

	private static final int WARM_UPS = 2;

	private static final int ROUNDS = 15;

	private static final String READY = "ready ";

	private static final String JOINED = "Joined group";

	private static final boolean HAS_CACHE = Runtime.version().feature() >= 25;

	private final CorosyncNode node;

	private final List<Variant> variants = Arrays.stream(Variant.values())
		.filter((variant) -> HAS_CACHE || !variant.cached)
		.toList();

	private StartUps(CorosyncNode node) {
		this.node = node;
	}

	/**
	 * Adds the figures, in milliseconds: the time from the start of the JVM until the
	 * service is ready, and the processor time of its threads, which other work on the
	 * machine affects less.
	 */
	static void measure(Results results) {
		try (CorosyncCluster cluster = Clusters.start(CorosyncCluster.builder().nodes(1))) {
			new StartUps(cluster.node(1)).run(results);
		}
	}

	private void run(Results results) {
		for (Variant variant : this.variants) {
			if (variant.cached) {
				start(variant, "-XX:AOTCacheOutput=" + cache(variant));
			}
		}
		for (int round = -WARM_UPS; round < ROUNDS; round++) {
			Map<Variant, Ready> started = start(round);
			System.err.println("bench: start-ups " + started);
			if (round >= 0) {
				add(results, "_ms", started, Ready::wall);
				add(results, ".cpu_ms", started, Ready::cpu);
			}
		}
	}

	/** Adds the figures, and their difference from those without the starter. */
	private static void add(Results results, String unit, Map<Variant, Ready> started, ToDoubleFunction<Ready> value) {
		started.forEach((variant, ready) -> {
			double measured = value.applyAsDouble(ready);
			results.figure("startup." + variant.figure + unit).add(measured);
			if (variant.difference != null) {
				Ready plain = started.get(variant.cached ? Variant.PLAIN_CACHED : Variant.PLAIN);
				results.figure("startup." + variant.difference + unit)
					.add(measured - value.applyAsDouble(Objects.requireNonNull(plain)));
			}
		});
	}

	/** Starts all variants, with a different one first each time. */
	private Map<Variant, Ready> start(int round) {
		List<Variant> order = new ArrayList<>(this.variants);
		Collections.rotate(order, round);
		Map<Variant, Ready> started = new EnumMap<>(Variant.class);
		order.forEach((variant) -> started.put(variant,
				variant.cached ? start(variant, "-XX:AOTCache=" + cache(variant), "-XX:AOTMode=on") : start(variant)));
		return started;
	}

	private static Path cache(Variant variant) {
		return Path.of(System.getProperty("bench.cache-directory"), variant.figure + ".aot");
	}

	private Ready start(Variant variant, String... options) {
		List<String> line = new ArrayList<>();
		line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		line.addAll(Arrays.stream(System.getProperty("bench.java-options", "").split(" ", -1))
			.filter((option) -> !option.isEmpty())
			.toList());
		line.addAll(List.of(options));
		line.addAll(List.of("-cp", System.getProperty(variant.classpath), Service.class.getName(),
				"--cpg.enabled=" + (variant != Variant.DISABLED), "--cpg.group=start-up",
				"--cpg.corosync.socket-directory=" + this.node.socketDirectory()));
		try {
			Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
			try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
				return read(variant, in.lines().toList());
			}
			finally {
				process.destroy();
			}
		}
		catch (IOException ex) {
			throw new BenchmarkException("Cannot start the service: " + ex, ex);
		}
	}

	private static Ready read(Variant variant, List<String> output) {
		boolean joined = output.stream().anyMatch((line) -> line.contains(JOINED));
		List<String> ready = output.stream().filter((line) -> line.startsWith(READY)).toList();
		if (ready.size() != 1 || joined != variant.isMember()) {
			output.forEach(System.err::println);
			throw new BenchmarkException("The service did not start as " + variant + " (see above)", null);
		}
		String[] values = ready.get(0).substring(READY.length()).split(" ", -1);
		return new Ready(Double.parseDouble(values[0]), Double.parseDouble(values[1]));
	}

	/**
	 * When a service was ready.
	 *
	 * @param wall milliseconds from the start of the JVM
	 * @param cpu milliseconds of processor time of its threads, without the JVM's own
	 */
	private record Ready(double wall, double cpu) {

	}

	/** The ways to start the service. */
	private enum Variant {

		/** Without the starter and what it brings. */
		PLAIN("plain", null, "bench.plain-service-classpath", false),

		/** With the starter, disabled. */
		DISABLED("disabled", "more.disabled", "bench.service-classpath", false),

		/** With the starter, ready when it is a member. */
		MEMBER("member", "more", "bench.service-classpath", false),

		/** {@link #PLAIN} with a cache. */
		PLAIN_CACHED("plain.cached", null, "bench.plain-service-classpath", true),

		/** {@link #MEMBER} with a cache that a member made. */
		MEMBER_CACHED("member.cached", "more.cached", "bench.service-classpath", true);

		private final String figure;

		/** The name of the difference from the start without the starter. */
		private final @Nullable String difference;

		private final String classpath;

		private final boolean cached;

		Variant(String figure, @Nullable String difference, String classpath, boolean cached) {
			this.figure = figure;
			this.difference = difference;
			this.classpath = classpath;
			this.cached = cached;
		}

		private boolean isMember() {
			return this == MEMBER || this == MEMBER_CACHED;
		}

	}

}

package dev.cpg.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The main class of {@code scripts/faults}.
 */
public final class FaultsMain {

	/** For how long a round has faults, unless less time is left. */
	private static final Duration ROUND = Duration.ofSeconds(60);

	/** What a round takes besides: the start, the calm, the checks. */
	private static final Duration AROUND = Duration.ofSeconds(40);

	/** A round with fewer faults finds nothing. */
	private static final Duration SHORTEST = Duration.ofSeconds(15);

	/** A run in which nothing may be missing. */
	private static final Duration LONG = Duration.ofMinutes(30);

	private final Options options;

	private final Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);

	private final Map<String, Long> checks = new TreeMap<>();

	private long batches;

	private int violations;

	private FaultsMain(Options options) {
		this.options = options;
		FaultKind.all().forEach((kind) -> this.faults.put(kind, 0));
	}

	/**
	 * Runs rounds, and prints what came of them. Exits with 1 if something was violated.
	 * @param args the number of minutes, the seed, the numbers of nodes with commas in
	 * between, the directory in which histories are kept, and whether those without
	 * violations are kept, too
	 */
	public static void main(String[] args) throws InterruptedException {
		int status;
		try {
			status = new FaultsMain(Options.parse(args)).run();
		}
		catch (IOException | RuntimeException ex) {
			ex.printStackTrace();
			status = 1;
		}
		// Some thread may still wait for a process.
		System.exit(status);
	}

	private int run() throws IOException, InterruptedException {
		System.err.println("faults: the seed is " + this.options.seed());
		long end = System.nanoTime() + this.options.length().toNanos();
		int number = 0;
		for (Duration length = next(end); length.compareTo(SHORTEST) >= 0; length = next(end)) {
			number++;
			run(number, length);
		}
		requireCounts();
		print();
		return (this.violations == 0) ? 0 : 1;
	}

	/** Returns for how long there may be faults in another round. */
	private static Duration next(long end) {
		Duration left = Duration.ofNanos(end - System.nanoTime()).minus(AROUND);
		return (left.compareTo(ROUND) < 0) ? left : ROUND;
	}

	private void run(int number, Duration length) throws IOException, InterruptedException {
		List<Integer> nodes = this.options.nodes();
		Path directory = this.options.directory().resolve(this.options.seed() + "-" + number);
		Round round = new Round(number, nodes.get((number - 1) % nodes.size()), this.options.seed(), length, directory);
		Round.Result result = round.run();
		result.faults().forEach((kind, count) -> this.faults.merge(kind, count, Integer::sum));
		result.checks().forEach((check, count) -> this.checks.merge(check, count, Long::sum));
		this.batches += result.batches();
		this.violations += result.violations().size();
		System.err.printf("faults: round %d of %d nodes: %d faults, %d violations%n", number, round.nodes(),
				result.faults().values().stream().mapToInt(Integer::intValue).sum(), result.violations().size());
		if (result.violations().isEmpty() && !this.options.keep()) {
			Directories.delete(directory);
		}
		else {
			result.violations().forEach(System.out::println);
			System.err.println("faults: the histories are in " + directory);
		}
	}

	/** In a long run everything goes wrong, and everything is checked. */
	private void requireCounts() {
		if (this.options.length().compareTo(LONG) < 0) {
			return;
		}
		require(this.batches > 0, "no messages came in batches");
		this.faults.forEach((kind, count) -> require(count > 0, kind + " did not happen"));
		this.checks.forEach((check, count) -> require(count > 0 || check.contains("."), check + " checked nothing"));
	}

	private void require(boolean condition, String otherwise) {
		if (!condition) {
			this.violations++;
			System.out.println("floor: " + otherwise);
		}
	}

	private void print() {
		this.faults.forEach((kind, count) -> System.out.println("faults." + kind + "=" + count));
		this.checks.forEach((check, count) -> System.out.println("checks." + check + "=" + count));
		System.out.println("faults.batches=" + this.batches);
		System.out.println("faults.seed=" + this.options.seed());
		System.out.println("faults.violations=" + this.violations);
	}

}

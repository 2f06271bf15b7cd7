package dev.cpg.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;

import dev.cpg.benchmarks.spring.SpringDeliverBenchmark;
import dev.cpg.benchmarks.spring.SpringSendBenchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The cost of the Spring layer: JMH's figures for each message, and the start of a
 * service.
 */
final class SpringLayer {

	private static final int FORKS = 3;

	private static final int WARM_UPS = 3;

	private static final int MEASUREMENTS = 5;

	private static final String ALLOCATED = "gc.alloc.rate.norm";

	private final Results results = new Results();

	private SpringLayer() {
	}

	/** The start of a service alone. */
	static Results startUps() {
		SpringLayer layer = new SpringLayer();
		StartUps.measure(layer.results);
		return layer.results;
	}

	static Results run() {
		SpringLayer layer = new SpringLayer();
		layer.measure("spring.deliver.", SpringDeliverBenchmark.class, "deliver");
		layer.measure("spring.publish.", SpringDeliverBenchmark.class, "publish", "raw");
		layer.measure("spring.send.", SpringSendBenchmark.class, "send");
		StartUps.measure(layer.results);
		return layer.results;
	}

	/** Measures a benchmark's method, with these messages or with all. */
	private void measure(String prefix, Class<?> benchmark, String method, String... messages) {
		ChainedOptionsBuilder options = new OptionsBuilder().include(benchmark.getName() + "\\." + method + "$")
			.forks(FORKS)
			.warmupIterations(WARM_UPS)
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(MEASUREMENTS)
			.measurementTime(TimeValue.seconds(1))
			.addProfiler(GCProfiler.class)
			.verbosity(VerboseMode.SILENT)
			.shouldFailOnError(true);
		if (messages.length > 0) {
			options.param("message", messages);
		}
		System.err.println("bench: " + benchmark.getSimpleName() + "." + method + " " + Arrays.toString(messages));
		try {
			add(prefix, new Runner(options.build()).run());
		}
		catch (RunnerException ex) {
			throw new BenchmarkException("JMH failed: " + ex.getMessage(), ex);
		}
	}

	private void add(String prefix, Collection<RunResult> measured) {
		for (RunResult run : measured) {
			String name = prefix + run.getParams().getParam("message");
			run.getBenchmarkResults().forEach((result) -> result.getIterationResults().forEach((iteration) -> {
				add(name + ".ns", iteration.getPrimaryResult());
				add(name + ".bytes", Objects.requireNonNull(iteration.getSecondaryResults().get(ALLOCATED)));
			}));
		}
	}

	private void add(String name, Result<?> result) {
		this.results.figure(name).add(result.getScore());
	}

}

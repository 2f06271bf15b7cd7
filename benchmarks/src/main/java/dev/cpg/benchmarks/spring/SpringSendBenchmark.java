package dev.cpg.benchmarks.spring;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgTemplate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A send through the template until its outcome is counted and measured, as in any
 * service with the actuator. There is neither a daemon nor a client below it: only the
 * Spring layer is measured. With {@code later} each send has a new future, as the
 * client's have, which the same thread completes after the send has returned; its 24
 * bytes are in the figure. With {@code at-once} all sends share a future that is
 * complete.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by the set-up
public class SpringSendBenchmark {

	private static final int SIZE = 64;

	private final byte[] raw = new byte[SIZE];

	private final Order order = new Order(4711, "Sofia Sandoval", 129_900);

	/** The message, whether its send is observed, and when its outcome is known. */
	@Param({ "raw-later", "raw-at-once", "json-later", "raw-observed-later" })
	public String message;

	private StubbedService service;

	private StubConnection connection;

	private CpgTemplate template;

	private boolean typed;

	private boolean later;

	/** Starts the service. */
	@Setup
	public void start() {
		this.service = StubbedService.start(this.message.contains("-observed-"),
				SpringDeliverBenchmark.RawListener.class);
		this.connection = this.service.connection();
		this.template = this.service.bean(CpgTemplate.class);
		this.typed = this.message.startsWith("json-");
		this.later = this.message.endsWith("-later");
		if (this.later) {
			this.connection.completesLater();
		}
		if (!send().isDone()) {
			throw new IllegalStateException("The outcome is not known");
		}
		this.service.expectCounted("cpg.messages.sent");
	}

	/** Stops it. */
	@TearDown
	public void stop() {
		this.service.close();
	}

	/** Returns the future of the send. */
	@Benchmark
	public CompletableFuture<CpgView> send() {
		CompletableFuture<CpgView> outcome = this.typed ? this.template.convertAndMulticast(this.order, Map.of())
				: this.template.multicast(this.raw);
		if (this.later) {
			this.connection.complete();
		}
		return outcome;
	}

}

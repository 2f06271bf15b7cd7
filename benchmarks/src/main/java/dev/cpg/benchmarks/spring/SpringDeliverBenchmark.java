package dev.cpg.benchmarks.spring;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgMessage;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageMapper;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import org.springframework.context.event.EventListener;

/**
 * The path of a message from the client's callback to one {@link EventListener}: the
 * message is counted and measured, read, and published as an event, as in any service
 * with the actuator. There is neither a daemon nor a client below it: only the Spring
 * layer is measured, on the thread that delivers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // by the set-up
public class SpringDeliverBenchmark {

	private static final int SIZE = 64;

	/** The message, and whether its delivery is observed. */
	@Param({ "raw", "json", "raw-observed" })
	public String message;

	private StubbedService service;

	private StubConnection connection;

	private CpgMessage delivered;

	private CpgDeliverEvent<?> event;

	private Received received;

	/** Starts the service. */
	@Setup
	public void start() {
		boolean typed = this.message.equals("json");
		this.service = StubbedService.start(this.message.endsWith("-observed"),
				typed ? OrderListener.class : RawListener.class);
		this.connection = this.service.connection();
		byte[] payload = typed
				? this.service.bean(CpgMessageMapper.class).write(new Order(4711, "Sofia Sandoval", 129_900), Map.of())
				: new byte[SIZE];
		this.delivered = this.connection.message(payload);
		this.event = new CpgDeliverEvent<>(this, this.delivered, payload);
		this.received = this.service.bean(Received.class);
		deliver();
		if (this.received.count != 1) {
			throw new IllegalStateException("The listener was not called");
		}
		this.service.expectCounted("cpg.messages.delivered");
	}

	/** Stops it. */
	@TearDown
	public void stop() {
		this.service.close();
	}

	/** Returns the count of the listener. */
	@Benchmark
	public long deliver() {
		this.connection.deliver(this.delivered);
		return this.received.count;
	}

	/**
	 * Spring's share, for comparison: the publishing of an existing event, to the same
	 * listener if the message is raw, to none if it is not.
	 */
	@Benchmark
	public long publish() {
		this.service.context().publishEvent(this.event);
		return this.received.count;
	}

	/** The least that a listener does. */
	static class Received {

		long count;

	}

	static class RawListener extends Received {

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.count++;
		}

	}

	static class OrderListener extends Received {

		@EventListener
		void on(Order order) {
			this.count++;
		}

	}

}

package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A real connection to a {@link FakeDaemon}. It records what its listener is notified of,
 * and knows what must be true of a connection that was lost.
 */
public final class FakeClient implements CpgListener, AutoCloseable {

	public static final CpgGroupName GROUP = CpgGroupName.of("orders");

	/** No test waits longer for anything that must happen. */
	public static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration POLL = Duration.ofMillis(5);

	private static final AtomicInteger NAMES = new AtomicInteger();

	public final List<Object> events = new CopyOnWriteArrayList<>();

	private final FakeDaemon daemon;

	private final String name = "client" + NAMES.incrementAndGet();

	private final List<@Nullable CorosyncException> closes = new CopyOnWriteArrayList<>();

	private final List<CompletableFuture<CpgView>> sends = new CopyOnWriteArrayList<>();

	private volatile Runnable whenDelivered = () -> {
	};

	private final CpgConnection connection;

	private FakeClient(FakeDaemon daemon, UnaryOperator<CorosyncConnector.Builder> settings) {
		this.daemon = daemon;
		try {
			this.connection = settings
				.apply(CorosyncConnector.builder()
					.name(this.name)
					.socketDirectory(daemon.directory())
					.requestTimeout(LIMIT)
					.memberId(4711))
				.build()
				.connect(this);
		}
		catch (RuntimeException ex) {
			assertThat(this.closes).as("closes of a connection that was not opened").isEmpty();
			awaitNothingLeft();
			throw ex;
		}
	}

	/** Connects; if that fails, nothing is left of it when the exception comes. */
	public static FakeClient connect(FakeDaemon daemon) {
		return connect(daemon, (builder) -> builder);
	}

	public static FakeClient connect(FakeDaemon daemon, UnaryOperator<CorosyncConnector.Builder> settings) {
		return new FakeClient(daemon, settings);
	}

	public static FakeClient join(FakeDaemon daemon) {
		FakeClient client = connect(daemon);
		client.connection.join(GROUP, LIMIT);
		return client;
	}

	/** Sets what the listener does when it is notified of a message. */
	void whenDelivered(Runnable action) {
		this.whenDelivered = action;
	}

	public CpgConnection connection() {
		return this.connection;
	}

	CompletableFuture<CpgView> send(byte[] message) {
		CompletableFuture<CpgView> future = this.connection.multicast(message);
		this.sends.add(future);
		return future;
	}

	List<CpgMessage> messages() {
		return this.events.stream().filter(CpgMessage.class::isInstance).map(CpgMessage.class::cast).toList();
	}

	/** Returns the first event that the listener was notified of; waits for it. */
	Object awaitFirst() {
		await("an event").until(() -> !this.events.isEmpty());
		return this.events.get(0);
	}

	void awaitMessages(int count) {
		await(count + " messages").until(() -> messages().size() >= count);
	}

	/**
	 * Waits for the end of the connection, and checks that nothing is left of it.
	 * @return the cause that the listener was given
	 */
	public CorosyncException awaitLost() throws Exception {
		CorosyncException cause = awaitClosed();
		awaitNothingLeft();
		return cause;
	}

	/**
	 * Waits for the end of the connection, and leaves to the garbage collector what a
	 * thread that a fault came to late may have kept.
	 */
	CorosyncException awaitClosed() throws Exception {
		try {
			await("the listener to be notified of the end").until(() -> !this.closes.isEmpty());
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError("The listener was not notified of the end; threads:\n" + stacks(), ex);
		}
		awaitNoThreads();
		assertThat(this.connection.isOpen()).isFalse();
		assertThat(this.connection.view()).isEqualTo(CpgView.NONE);
		for (CompletableFuture<CpgView> send : this.sends) {
			assertThat(send.handle((view, ex) -> "ended").get(LIMIT.toMillis(), TimeUnit.MILLISECONDS))
				.isEqualTo("ended");
		}
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.connection.membership(GROUP))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE));
		assertThat(this.closes).as("closes that the listener was notified of").hasSize(1);
		CorosyncException cause = this.closes.get(0);
		assertThat(cause).as("cause of the end").isNotNull();
		return cause;
	}

	/** Waits until none of its threads and mappings is there. */
	private void awaitNothingLeft() {
		awaitNoThreads();
		await("no mapping of the connection to be left")
			.untilAsserted(() -> assertThat(this.daemon.clientMappings()).isZero());
	}

	private void awaitNoThreads() {
		await("no thread of the connection to be left").untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	/** What comes of faults on other threads is looked at, not awaited. */
	private static ConditionFactory await(String what) {
		return Awaitility.await(what)
			.pollDelay(Duration.ZERO)
			.pollInterval(POLL)
			.atMost(LIMIT)
			.dontCatchUncaughtExceptions();
	}

	/** Where its threads are, for the reader of a failure. */
	private String stacks() {
		StringBuilder stacks = new StringBuilder();
		Thread.getAllStackTraces().forEach((thread, stack) -> {
			if (thread.getName().startsWith("cpg-" + this.name) || thread.getName().startsWith("fake-")) {
				stacks.append(thread.getName()).append(' ').append(thread.getState()).append('\n');
				for (StackTraceElement element : stack) {
					stacks.append("    ").append(element).append('\n');
				}
			}
		});
		return stacks.toString();
	}

	private List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((thread) -> thread.startsWith("cpg-" + this.name + "-"))
			.toList();
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		this.events.add(change);
	}

	@Override
	public void delivered(CpgMessage message) {
		this.whenDelivered.run();
		this.events.add(message);
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		this.events.add(configuration);
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		this.closes.add(cause);
	}

	@Override
	public void close() {
		this.connection.close();
	}

}

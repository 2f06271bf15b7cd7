package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnector;
import dev.cpg.spring.event.CpgDeliverEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A leader whose listener is busy with one event for 25 seconds, on a healthy ring, while
 * the others are watched. It lasts so long that it runs beside other tests.
 */
final class BusyListenerStory implements AutoCloseable {

	private static final Duration BUSY = Duration.ofSeconds(25);

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private final CountDownLatch busy = new CountDownLatch(1);

	private final CountDownLatch release = new CountDownLatch(1);

	private final List<ElectingService> services = new CopyOnWriteArrayList<>();

	private final CompletableFuture<Void> end;

	/**
	 * Begins it, on a thread of its own.
	 * @param connectors those of the members
	 */
	BusyListenerStory(List<CpgConnector> connectors) {
		connectors.forEach((connector) -> this.services.add(new ElectingService(connector)));
		this.end = CompletableFuture.runAsync(() -> run(connectors.get(0)),
				(story) -> new Thread(story, "busy-listener").start());
	}

	/** Returns what fails if something is not as it has to be. */
	CompletableFuture<Void> end() {
		return this.end;
	}

	private void run(CpgConnector connector) {
		try {
			await().until(() -> leaders().size() == 1 && allKnow(leaders().get(0)));
			ElectingService leader = leaders().get(0);
			List<List<String>> before = events();
			beBusy(leader);
			long end = System.nanoTime() + BUSY.toNanos();
			// The change waits behind the event that the listener is busy with.
			this.services.add(ElectingService.heard(connector));
			await()
				.until(() -> this.services.stream().allMatch((service) -> isCurrent(service) == (service != leader)));
			watch(leader, end);
			assertThat(events().subList(0, before.size())).isEqualTo(before);
			this.release.countDown();
			await().until(() -> isCurrent(leader));
			assertThat(events().subList(0, before.size())).isEqualTo(before);
		}
		finally {
			close();
		}
	}

	@Override
	public void close() {
		this.release.countDown();
		this.services.forEach(ElectingService::close);
	}

	private void beBusy(ElectingService leader) {
		leader.listener((event) -> {
			if (event instanceof CpgDeliverEvent<?>) {
				this.busy.countDown();
				this.release.await();
			}
		});
		leader.template().multicast("x").join();
		await().until(() -> this.busy.getCount() == 0);
	}

	/** Nothing changes. */
	private void watch(ElectingService leader, long end) {
		long token = leader.leadership().token().orElseThrow();
		while (System.nanoTime() - end < 0) {
			assertThat(leaders()).containsExactly(leader);
			assertThat(leader.leadership().token()).hasValue(token);
			assertThat(allKnow(leader)).as("all know the leader").isTrue();
			assertThat(isCurrent(leader)).isFalse();
			LockSupport.parkNanos(LOOK_NANOS);
		}
	}

	private List<ElectingService> leaders() {
		return this.services.stream().filter(ElectingService::mayLead).filter(ElectingService::isLeader).toList();
	}

	private boolean allKnow(ElectingService leader) {
		CpgAddress address = Objects.requireNonNull(leader.membership().getGroup().getLocalAddress());
		return this.services.stream()
			.filter(ElectingService::mayLead)
			.allMatch((service) -> service.leadership().leader().filter(address::equals).isPresent());
	}

	private List<List<String>> events() {
		return this.services.stream().map(ElectingService::leadershipEvents).toList();
	}

	private static boolean isCurrent(ElectingService service) {
		return service.membership().getGroup().isCurrent();
	}

}

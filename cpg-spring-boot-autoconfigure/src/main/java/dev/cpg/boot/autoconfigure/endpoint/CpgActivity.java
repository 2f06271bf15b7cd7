package dev.cpg.boot.autoconfigure.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMessage;
import dev.cpg.spring.CpgObserver;

/**
 * Keeps the counters and the last changes that the endpoint shows.
 */
final class CpgActivity implements CpgObserver {

	static final int CHANGES_KEPT = 50;

	private final Map<Outcome, LongAdder> sent = new ConcurrentHashMap<>();

	private final LongAdder delivered = new LongAdder();

	private final LongAdder changes = new LongAdder();

	private final LongAdder reconnects = new LongAdder();

	private final Deque<Change> lastChanges = new ArrayDeque<>();

	@Override
	public void sent(Outcome outcome, Duration took) {
		counter(outcome).increment();
	}

	@Override
	public void delivered(CpgMessage message) {
		this.delivered.increment();
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		this.changes.increment();
		synchronized (this.lastChanges) {
			if (this.lastChanges.size() == CHANGES_KEPT) {
				this.lastChanges.removeLast();
			}
			this.lastChanges.addFirst(new Change(Instant.now(), change));
		}
	}

	@Override
	public void reconnected() {
		this.reconnects.increment();
	}

	long sent(Outcome outcome) {
		return counter(outcome).sum();
	}

	private LongAdder counter(Outcome outcome) {
		return this.sent.computeIfAbsent(outcome, (key) -> new LongAdder());
	}

	long delivered() {
		return this.delivered.sum();
	}

	long changes() {
		return this.changes.sum();
	}

	long reconnects() {
		return this.reconnects.sum();
	}

	/**
	 * Returns the last changes, the latest first.
	 */
	List<Change> lastChanges() {
		synchronized (this.lastChanges) {
			return List.copyOf(this.lastChanges);
		}
	}

	/**
	 * A change and when it was told of.
	 */
	record Change(Instant time, CpgConfigurationChange change) {
	}

}

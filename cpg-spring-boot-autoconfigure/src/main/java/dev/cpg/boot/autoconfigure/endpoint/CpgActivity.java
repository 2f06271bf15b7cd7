package dev.cpg.boot.autoconfigure.endpoint;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMessage;
import dev.cpg.spring.CpgObserver;
import dev.cpg.spring.message.CpgMessageMapper.Problem;

/**
 * Keeps the counters that the endpoint shows, for each group.
 */
final class CpgActivity implements CpgObserver {

	private final Map<String, OfGroup> groups = new ConcurrentHashMap<>();

	OfGroup of(String group) {
		return this.groups.computeIfAbsent(group, (name) -> new OfGroup());
	}

	@Override
	public void sent(String group, Outcome outcome, Duration took) {
		of(group).counter(outcome).increment();
	}

	@Override
	public void delivered(CpgMessage message) {
		of(message.group().text()).delivered.increment();
	}

	@Override
	public void unconverted(CpgMessage message, Problem problem) {
		of(message.group().text()).unconverted.increment();
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		of(change.group().text()).changes.increment();
	}

	@Override
	public void reconnected(String group) {
		of(group).reconnects.increment();
	}

	/**
	 * The counters of one group.
	 */
	static final class OfGroup {

		private final Map<Outcome, LongAdder> sent = new ConcurrentHashMap<>();

		private final LongAdder delivered = new LongAdder();

		private final LongAdder unconverted = new LongAdder();

		private final LongAdder changes = new LongAdder();

		private final LongAdder reconnects = new LongAdder();

		private LongAdder counter(Outcome outcome) {
			return this.sent.computeIfAbsent(outcome, (key) -> new LongAdder());
		}

		long sent(Outcome outcome) {
			return counter(outcome).sum();
		}

		long delivered() {
			return this.delivered.sum();
		}

		long unconverted() {
			return this.unconverted.sum();
		}

		long changes() {
			return this.changes.sum();
		}

		long reconnects() {
			return this.reconnects.sum();
		}

	}

}

package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often a role has changed hands, as far as this service has seen, and
 * measures how long there was no leader in between. Any thread may call any method.
 */
public final class LeaderChanges {

	private final CopyOnWriteArrayList<Consumer<Duration>> onFailover = new CopyOnWriteArrayList<>();

	private volatile long count;

	private @Nullable CpgAddress last;

	/** When the last leader was lost, while there is none. */
	private @Nullable Long lostAt;

	/**
	 * Returns how many leaders there were that were not the one before.
	 */
	public long count() {
		return this.count;
	}

	/**
	 * Has each time be reported that a group was without a leader, when it has one again.
	 * The first leader that is known follows no other.
	 * @param listener is called by the thread that decides, so it must not block
	 */
	public void onFailover(Consumer<Duration> listener) {
		this.onFailover.add(listener);
	}

	synchronized void changed(@Nullable Leader leader) {
		long now = System.nanoTime();
		if (leader == null) {
			this.lostAt = (this.last != null && this.lostAt == null) ? (Long) now : this.lostAt;
			return;
		}
		Long lost = this.lostAt;
		this.lostAt = null;
		if (!Objects.equals(this.last, leader.address())) {
			this.last = leader.address();
			this.count++;
		}
		if (lost != null) {
			for (Consumer<Duration> listener : this.onFailover) {
				listener.accept(Duration.ofNanos(now - lost));
			}
		}
	}

}

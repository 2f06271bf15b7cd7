package dev.cpg.spring;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgNames;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names of the cluster and its nodes: with each connection, and again when
 * there is a node without a known name, which may have been added since. Such a node may
 * have no name at all, so the tries are few.
 */
final class NodeNames implements Upkeep.Task {

	/** Before each try. */
	private static final List<Duration> PAUSES = List.of(Duration.ZERO, Duration.ofSeconds(3), Duration.ofSeconds(10),
			Duration.ofSeconds(30));

	private final CpgConnector connector;

	private final GroupState group;

	private final Runnable wake;

	/** Whether there are tries to make. The delivery thread begins them. */
	private volatile boolean wanted;

	/** The nodes that have no name after all tries. */
	private volatile Set<Long> nameless = Set.of();

	private int tries;

	private TimeLimit pause = TimeLimit.in(Duration.ZERO);

	/** The try under way, if there is one. */
	private @Nullable CompletableFuture<CpgNames> reading;

	/**
	 * Creates it.
	 * @param wake wakes the thread that performs this task
	 */
	NodeNames(CpgConnector connector, GroupState group, Runnable wake) {
		this.connector = connector;
		this.group = group;
		this.wake = wake;
	}

	/** Begins to read them, and wakes the thread when the reading has ended. */
	CompletableFuture<CpgNames> read() {
		try {
			CompletableFuture<CpgNames> names = this.connector.names();
			var unused = names.whenComplete((read, failure) -> this.wake.run());
			return names;
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Returns the names that were read, without waiting for them. They are there only for
	 * the reader's convenience: a node without a known name is shown by its number. So a
	 * reading that has failed, even for lack of memory or threads, fails nothing else.
	 * The next try comes after a pause.
	 */
	static CpgNames outcome(CompletableFuture<CpgNames> names) {
		try {
			return names.getNow(CpgNames.NONE);
		}
		catch (RuntimeException ex) {
			CpgLog.MEMBERSHIP.debug().cause(ex).log("The nodes' names could not be read");
			return CpgNames.NONE;
		}
	}

	/**
	 * The group may have a node without a known name; called by the delivery thread.
	 */
	void groupChanged() {
		if (!this.wanted && !this.nameless.containsAll(this.group.unnamedNodes())) {
			this.wanted = true;
			this.wake.run();
		}
	}

	@Override
	public long perform() {
		if (!this.wanted || !takeNames()) {
			return Upkeep.NOTHING_DUE;
		}
		if (!this.pause.isOver()) {
			return Math.max(1, this.pause.nanos());
		}
		Set<Long> unnamed = this.group.unnamedNodes();
		if (unnamed.isEmpty() || this.tries == PAUSES.size()) {
			this.nameless = unnamed.isEmpty() ? this.nameless : unnamed;
			end();
		}
		else {
			this.reading = read();
		}
		return Upkeep.NOTHING_DUE;
	}

	/** Returns whether no try is under way, or no longer. */
	private boolean takeNames() {
		CompletableFuture<CpgNames> reading = this.reading;
		if (reading == null) {
			return true;
		}
		if (!reading.isDone()) {
			return false;
		}
		this.reading = null;
		this.tries++;
		this.pause = TimeLimit.in((this.tries < PAUSES.size()) ? PAUSES.get(this.tries) : Duration.ZERO);
		CpgNames names = outcome(reading);
		if (!names.equals(CpgNames.NONE)) {
			this.group.named(names);
		}
		return true;
	}

	private void end() {
		this.tries = 0;
		this.wanted = false;
		// Another node may have come just before.
		groupChanged();
	}

}

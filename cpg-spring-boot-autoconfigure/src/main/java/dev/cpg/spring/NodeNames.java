package dev.cpg.spring;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgNames;
import dev.cpg.client.internal.log.CpgLog;

/**
 * Reads the names of the cluster and its nodes, on threads of its own: with each
 * connection, and again when there is a node without a known name, which may have been
 * added since. Such a node may have no name at all, so the tries are few.
 */
final class NodeNames {

	private static final List<Duration> PAUSES = List.of(Duration.ZERO, Duration.ofSeconds(3), Duration.ofSeconds(10),
			Duration.ofSeconds(30));

	private final CpgConnector connector;

	private final GroupState group;

	private final AtomicBoolean reading = new AtomicBoolean();

	private final CountDownLatch ended = new CountDownLatch(1);

	/** The nodes that have no name after all tries. */
	private volatile Set<Long> nameless = Set.of();

	NodeNames(CpgConnector connector, GroupState group) {
		this.connector = connector;
		this.group = group;
	}

	/** Begins to read them. */
	FutureTask<CpgNames> begin() {
		FutureTask<CpgNames> names = new FutureTask<>(this::read);
		start(names);
		return names;
	}

	/** Nobody has a reason to interrupt the caller, and reading them has an end. */
	static CpgNames outcome(FutureTask<CpgNames> names) {
		try {
			return names.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			return CpgNames.NONE;
		}
	}

	/** The group may have a node that is not known yet; for the delivery thread. */
	void look() {
		if (!this.nameless.containsAll(this.group.unnamedNodes()) && this.ended.getCount() > 0
				&& this.reading.compareAndSet(false, true)) {
			try {
				start(this::readAgain);
			}
			catch (OutOfMemoryError ex) {
				// No more threads: the change of the group is what matters.
				this.reading.set(false);
			}
		}
	}

	private void readAgain() {
		try {
			for (Duration pause : PAUSES) {
				if (this.ended.await(pause.toNanos(), TimeUnit.NANOSECONDS) || this.group.unnamedNodes().isEmpty()) {
					return;
				}
				CpgNames names = read();
				if (!names.equals(CpgNames.NONE)) {
					this.group.named(names);
				}
			}
			this.nameless = this.group.unnamedNodes();
		}
		catch (InterruptedException ex) {
			// Nobody needs the names any more.
			end();
		}
		finally {
			this.reading.set(false);
			look();
		}
	}

	/** Reads nothing more. */
	void end() {
		this.ended.countDown();
	}

	/** A name is a comfort: without it a node is shown by its number. */
	private CpgNames read() {
		try {
			return this.connector.names().join();
		}
		catch (RuntimeException | Error ex) {
			// A lack of memory or threads, too, is left to the next try, after a pause.
			CpgLog.MEMBERSHIP.debug().cause(ex).log("The nodes' names could not be read");
			return CpgNames.NONE;
		}
	}

	private void start(Runnable task) {
		Thread thread = new Thread(task, "cpg-" + this.group.getName() + "-names");
		thread.setDaemon(true);
		thread.start();
	}

}

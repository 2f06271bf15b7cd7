package dev.cpg.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.embedded.OrderedMessage.Data;
import dev.cpg.embedded.OrderedMessage.Join;
import dev.cpg.embedded.OrderedMessage.Leave;

/**
 * What happened in a cluster, for whoever reads why a test failed: the last entries, one
 * a line. Messages are counted only. The engine's thread records, any thread may read.
 */
final class History {

	static final int MAX_ENTRIES = 1000;

	private static final double NANOS_PER_MILLI = 1e6;

	private final Engine engine;

	private final Deque<String> entries = new ArrayDeque<>();

	private long forgotten;

	/** How many messages and fragments were ordered since the last entry. */
	private final AtomicLong messages = new AtomicLong();

	History(Engine engine) {
		this.engine = engine;
	}

	/**
	 * Something has happened.
	 * @param what what, such as {@code node 2 is killed}
	 */
	void add(String what) {
		String entry = String.format(Locale.ROOT, "%12.3f ms  %s", this.engine.nanoTime() / NANOS_PER_MILLI, what);
		synchronized (this.entries) {
			addMessages();
			addEntry(entry);
		}
	}

	/** A ring has ordered a message. */
	void ordered(OrderedMessage message) {
		if (message instanceof Data) {
			this.messages.incrementAndGet();
		}
		else if (message instanceof Join join) {
			add(join.member() + " joins " + join.group());
		}
		else if (message instanceof Leave leave) {
			add(leave.member() + " leaves " + leave.group() + ": " + leave.reason());
		}
	}

	private void addMessages() {
		long count = this.messages.getAndSet(0);
		if (count > 0) {
			addEntry(ordered(count));
		}
	}

	private static String ordered(long count) {
		return "%15s  messages and fragments ordered: %d".formatted("", count);
	}

	private void addEntry(String entry) {
		if (this.entries.size() == MAX_ENTRIES) {
			this.entries.remove();
			this.forgotten++;
		}
		this.entries.add(entry);
	}

	/** Returns all entries, the newest last. */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		synchronized (this.entries) {
			if (this.forgotten > 0) {
				text.append("%15s  earlier entries that were forgotten: %d%n".formatted("", this.forgotten));
			}
			this.entries.forEach((entry) -> text.append(entry).append(System.lineSeparator()));
			long count = this.messages.get();
			if (count > 0) {
				text.append(ordered(count)).append(System.lineSeparator());
			}
		}
		return text.toString();
	}

}

package dev.cpg.faults.member;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.faults.history.HistoryWriter;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.leadership.CpgLeadership;
import org.jspecify.annotations.Nullable;

/**
 * Sends numbered messages, and records each call and its outcome. Any thread may call any
 * method; one message is sent after the other, so that the numbers are in the order of
 * the calls.
 */
final class Sends {

	private static final int SMALL = 100;

	private final HistoryWriter history;

	private final String name;

	private final CpgTemplate template;

	private final AtomicInteger open = new AtomicInteger();

	private int number;

	Sends(HistoryWriter history, String name, CpgTemplate template) {
		this.history = history;
		this.name = name;
		this.template = template;
	}

	/** Returns how many messages have no outcome yet. */
	int open() {
		return this.open.get();
	}

	/** Sends a message; waits while the cluster takes none. */
	void send(int size) {
		send(Content.NO_NOTE, size, this.template::multicast);
	}

	/** Sends a message unless the cluster takes none. */
	void trySend(int size) {
		send(Content.NO_NOTE, size, this.template.mutate().waiting(false).build()::multicast);
	}

	/** Sends the message that closes a round. */
	void sendBarrier() {
		send(Content.BARRIER, SMALL, this.template::multicast);
	}

	/** Sends a message under the token of a role, if this member leads. */
	void sendAsLeader(CpgLeadership leadership) {
		boolean unused = leadership.runIfLeader(() -> send(leadership.role() + "/" + CpgLeadership.currentToken(),
				SMALL, (bytes) -> this.template.convertAndMulticast(bytes, Map.of())));
	}

	private synchronized void send(String note, int size, Function<byte[], CompletableFuture<CpgView>> call) {
		this.number++;
		String id = this.name + "#" + this.number;
		byte[] bytes = new Content(id, note).bytes(size);
		this.open.incrementAndGet();
		int slash = note.indexOf('/');
		if (slash > 0) {
			this.history.write("send", "id", id, "size", bytes.length, "role", note.substring(0, slash), "token",
					note.substring(slash + 1));
		}
		else {
			this.history.write("send", "id", id, "size", bytes.length);
		}
		var unused = call.apply(bytes).whenComplete((view, failure) -> {
			outcome(id, view, failure);
			this.open.decrementAndGet();
		});
	}

	private void outcome(String id, @Nullable CpgView view, @Nullable Throwable failure) {
		if (view != null) {
			this.history.write("outcome", "id", id, "is", "delivered", "view", Recorder.addresses(view), "quorate",
					Recorder.quorate(view.quorum()), "ring", Recorder.ring(view.ring()));
		}
		else {
			this.history.write("outcome", "id", id, "is", kind(failure), "why", String.valueOf(failure));
		}
	}

	private static String kind(@Nullable Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof CpgSendException ex) {
			return (ex.outcome() == CpgSendException.Outcome.LOST) ? "notdelivered" : "unknown";
		}
		return "refused";
	}

}

package dev.cpg.docs;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.message.CpgMessageHeaders;

import org.springframework.stereotype.Component;

/**
 * The sends that docs/sending.md shows.
 */
@Component
class Sender {

	final List<String> notes = new CopyOnWriteArrayList<>();

	private final CpgOperations template;

	Sender(CpgOperations template) {
		this.template = template;
	}

	CompletableFuture<CpgView> raw(String text) {
		// snippet:raw
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		CompletableFuture<CpgView> sent = this.template.multicast(bytes);
		// end:raw
		return sent;
	}

	CompletableFuture<CpgView> typed(Order order) {
		// snippet:typed
		CompletableFuture<CpgView> sent = this.template.convertAndMulticast(order,
				Map.of(CpgMessageHeaders.CORRELATION_ID, UUID.randomUUID(), "shop", "north"));
		// end:typed
		return sent;
	}

	CompletableFuture<Boolean> outcome(Order order) {
		// snippet:outcome
		return this.template.convertAndMulticast(order).handle((view, failure) -> {
			if (failure == null) {
				note("delivered to " + view.members() + " on ring " + view.ring() + ", " + view.quorum());
				return true;
			}
			Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
			if (cause instanceof CpgSendException ex) {
				note((ex.outcome() == Outcome.LOST) ? "no member got it: send it again" : "it is not known who got it");
			}
			else if (cause instanceof CorosyncException ex && ex.error() == CsError.NOT_EXIST) {
				note("not sent: no member at the moment");
			}
			else {
				note("not sent: " + cause);
			}
			return false;
		});
		// end:outcome
	}

	private void note(String what) {
		this.notes.add(what);
	}

}

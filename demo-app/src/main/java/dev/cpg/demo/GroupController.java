package dev.cpg.demo;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The group over HTTP.
 */
@RestController
@RequestMapping("/api")
class GroupController {

	private static final int MAX_TEXT = 64 * 1024;

	private final CpgGroup group;

	private final CpgOperations operations;

	private final History history;

	private final Browsers browsers;

	GroupController(CpgGroup group, CpgOperations operations, History history, Browsers browsers) {
		this.group = group;
		this.operations = operations;
		this.history = history;
		this.browsers = browsers;
	}

	@GetMapping("/group")
	GroupStatus group() {
		return GroupStatus.of(this.group);
	}

	@GetMapping("/changes")
	List<Change> changes() {
		return this.history.changes();
	}

	@GetMapping("/messages")
	List<Message> messages() {
		return this.history.messages();
	}

	/**
	 * Sends a text. Only JSON is accepted, which pages of other sites cannot post.
	 */
	@PostMapping(path = "/messages", consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletableFuture<Delivered> send(@RequestBody NewMessage message) {
		if (message.text() == null || message.text().isEmpty()) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The text is missing");
		}
		if (message.text().length() > MAX_TEXT) {
			throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
					"The text has more than %d characters".formatted(MAX_TEXT));
		}
		return this.operations.convertAndMulticast(new Note(message.text())).thenApply(Delivered::in);
	}

	@GetMapping("/events")
	SseEmitter events() {
		SseEmitter emitter = new SseEmitter(0L);
		try {
			this.history.subscribe((snapshot) -> this.browsers.add(emitter, snapshot));
		}
		catch (RejectedExecutionException ex) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Too many browsers look at this page",
					ex);
		}
		return emitter;
	}

	@ExceptionHandler
	ProblemDetail notDelivered(CorosyncException ex) {
		HttpStatus status = HttpStatus.SERVICE_UNAVAILABLE;
		String outcome = "not-sent";
		if (ex instanceof CpgSendException sent) {
			boolean lost = sent.outcome() == CpgSendException.Outcome.LOST;
			status = lost ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.GATEWAY_TIMEOUT;
			outcome = lost ? "lost" : "unknown";
		}
		else if (ex.error() == CsError.TOO_BIG) {
			status = HttpStatus.CONTENT_TOO_LARGE;
		}
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, ex.getMessage());
		problem.setProperty("outcome", outcome);
		return problem;
	}

	record NewMessage(@Nullable String text) {
	}

	/**
	 * The view that a message was delivered in.
	 *
	 * @param ring the ring
	 * @param members the number of members that the group had
	 */
	record Delivered(String ring, int members) {

		static Delivered in(CpgView view) {
			return new Delivered(view.ring().toString(), view.members().size());
		}

	}

}

package dev.cpg.demo;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

import dev.cpg.spring.CpgOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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

	private final CpgOperations operations;

	private final History history;

	private final String mode;

	GroupController(CpgOperations operations, History history, @Value("${cpg.mode:corosync}") String mode) {
		this.operations = operations;
		this.history = history;
		this.mode = mode.toLowerCase(Locale.ROOT);
	}

	@GetMapping("/mode")
	Mode mode() {
		return new Mode(this.mode);
	}

	@GetMapping("/group")
	GroupStatus group() {
		return this.history.status();
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
		this.history.follow(emitter);
		return emitter;
	}

	/**
	 * Which cluster this is.
	 *
	 * @param mode {@code corosync}, or {@code embedded} for one inside this JVM
	 */
	record Mode(String mode) {
	}

	record NewMessage(@Nullable String text) {
	}

}

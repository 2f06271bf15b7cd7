package dev.cpg.demo.browser;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Writes to one browser until that is gone or too slow. A browser that is too slow is
 * disconnected: it comes back by itself and starts from a new snapshot.
 */
class Browser implements Runnable {

	private static final int MAX_WAITING = 256;

	private static final long HEARTBEAT_NANOS = Duration.ofSeconds(15).toNanos();

	private final SseEmitter emitter;

	private final Topic topic;

	private final Consumer<Browser> remover;

	private final BlockingQueue<LiveEvent> waiting = new ArrayBlockingQueue<>(MAX_WAITING);

	private volatile boolean over;

	private @Nullable LiveEvent shown;

	private long lastWrite = System.nanoTime();

	Browser(SseEmitter emitter, Topic topic, Consumer<Browser> remover) {
		this.emitter = emitter;
		this.topic = topic;
		this.remover = remover;
		emitter.onCompletion(this::end);
		emitter.onTimeout(this::end);
		emitter.onError((ex) -> end());
	}

	boolean follows(Topic other) {
		return this.topic.equals(other);
	}

	void send(LiveEvent event) {
		if (!this.waiting.offer(event)) {
			end();
		}
	}

	private void end() {
		this.over = true;
		this.remover.accept(this);
	}

	@Override
	public void run() {
		try {
			while (!this.over) {
				LiveEvent event = this.waiting.poll(1, TimeUnit.SECONDS);
				if (event != null) {
					write(event);
				}
				else {
					writeStatusOrHeartbeat();
				}
			}
			complete(this.emitter::complete);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			complete(this.emitter::complete);
		}
		catch (IOException | IllegalStateException ex) {
			complete(() -> this.emitter.completeWithError(ex));
		}
		finally {
			end();
		}
	}

	private static void complete(Runnable completion) {
		try {
			completion.run();
		}
		catch (IllegalStateException ex) {
			// The browser went away at the same moment, and the web server ended the
			// request.
		}
	}

	/**
	 * A failed attempt to connect is not an event, but the page shows why the last one
	 * failed. The heartbeat detects a browser that is gone.
	 */
	private void writeStatusOrHeartbeat() throws IOException {
		LiveEvent now = this.topic.now();
		if (!now.equals(this.shown)) {
			write(now);
		}
		else if (System.nanoTime() - this.lastWrite > HEARTBEAT_NANOS) {
			this.emitter.send(SseEmitter.event().comment("still here"));
			this.lastWrite = System.nanoTime();
		}
	}

	private void write(LiveEvent event) throws IOException {
		this.emitter.send(SseEmitter.event().name(event.name()).data(event.data(), MediaType.APPLICATION_JSON));
		this.lastWrite = System.nanoTime();
		if (event.name().equals(this.topic.name())) {
			this.shown = event;
		}
	}

}

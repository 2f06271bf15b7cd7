package dev.cpg.demo;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.cpg.spring.CpgGroup;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The browsers that look at the page. Each has a queue of its own and a thread that
 * writes from it, so that a slow one delays neither the others nor the group's events.
 */
@Component
class Browsers {

	static final int MAX_BROWSERS = 50;

	private final CpgGroup group;

	private final Set<Browser> browsers = ConcurrentHashMap.newKeySet();

	private final ExecutorService writers;

	Browsers(CpgGroup group) {
		this.group = group;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("browser-");
		threads.setDaemon(true);
		this.writers = new ThreadPoolExecutor(0, MAX_BROWSERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
	}

	/**
	 * Adds a browser and starts to write to it.
	 * @param emitter the stream to write to; the thread that writes completes it
	 * @param first its first event
	 * @throws RejectedExecutionException if there are too many
	 */
	void add(SseEmitter emitter, LiveEvent first) {
		Browser browser = new Browser(emitter, () -> GroupStatus.of(this.group), this.browsers::remove);
		browser.send(first);
		this.browsers.add(browser);
		try {
			this.writers.execute(browser);
		}
		catch (RejectedExecutionException ex) {
			this.browsers.remove(browser);
			throw ex;
		}
	}

	/**
	 * Sends an event to all browsers, without waiting for any.
	 * @param event the event
	 */
	void send(LiveEvent event) {
		this.browsers.forEach((browser) -> browser.send(event));
	}

	int count() {
		return this.browsers.size();
	}

	/**
	 * Ends the streams before the web server waits for its requests.
	 */
	@EventListener(ContextClosedEvent.class)
	void close() {
		this.writers.shutdownNow();
	}

}

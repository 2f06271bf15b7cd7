package dev.cpg.demo.browser;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The browsers that look at the page. Each has a queue of its own and a thread that
 * writes from it, so that a slow one delays neither the others nor the group's events.
 */
@Component
public class Browsers {

	/** How many browsers may look at the page at the same time. */
	public static final int MAX_BROWSERS = 50;

	private final Set<Browser> browsers = ConcurrentHashMap.newKeySet();

	private final ExecutorService writers;

	Browsers() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("browser-");
		threads.setDaemon(true);
		this.writers = new ThreadPoolExecutor(0, MAX_BROWSERS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
	}

	/**
	 * Adds a browser and starts to write to it.
	 * @param topic what it follows
	 * @param emitter the stream to write to; the thread that writes completes it
	 * @param first its first event
	 * @throws ResponseStatusException if there are too many
	 */
	public void add(Topic topic, SseEmitter emitter, LiveEvent first) {
		Browser browser = new Browser(emitter, topic, this.browsers::remove);
		browser.send(first);
		this.browsers.add(browser);
		try {
			this.writers.execute(browser);
		}
		catch (RejectedExecutionException ex) {
			this.browsers.remove(browser);
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Too many browsers look at this page",
					ex);
		}
	}

	/**
	 * Sends an event to all browsers that follow a topic, without waiting for any.
	 * @param topic the topic
	 * @param event the event
	 */
	public void send(Topic topic, LiveEvent event) {
		this.browsers.stream().filter((browser) -> browser.follows(topic)).forEach((browser) -> browser.send(event));
	}

	/**
	 * Returns how many browsers look at the page.
	 */
	public int count() {
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

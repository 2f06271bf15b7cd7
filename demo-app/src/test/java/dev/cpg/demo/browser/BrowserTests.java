package dev.cpg.demo.browser;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

class BrowserTests {

	/**
	 * The emitter is not Spring's: no test can make a browser go away at exactly that
	 * moment.
	 */
	@Test
	void aBrowserThatGoesAwayWhileItsStreamCompletesEndsItsWriterCleanly() {
		List<Throwable> completed = new ArrayList<>();
		SseEmitter emitter = new SseEmitter() {

			@Override
			public void send(SseEventBuilder builder) throws IOException {
				throw new IOException("thrown by the test: the browser is gone");
			}

			@Override
			public synchronized void completeWithError(Throwable ex) {
				completed.add(ex);
				throw new IllegalStateException("thrown by the test: the request has ended");
			}

		};
		List<Browser> removed = new ArrayList<>();
		Browser browser = new Browser(emitter, new Topic("group", () -> "other data"), removed::add);
		browser.send(new LiveEvent("group", "data"));
		browser.run();
		assertThat(completed).hasSize(1);
		assertThat(removed).containsOnly(browser);
	}

}

package dev.cpg.demo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Logs where the page is, once it is there.
 */
@Component
class PageAddress {

	private static final Logger logger = LoggerFactory.getLogger(PageAddress.class);

	@EventListener
	void ready(ApplicationReadyEvent event) {
		logger.info("The page is at http://localhost:{}",
				event.getApplicationContext().getEnvironment().getProperty("local.server.port"));
	}

}

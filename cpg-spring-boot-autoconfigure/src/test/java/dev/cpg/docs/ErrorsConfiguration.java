package dev.cpg.docs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.spring.CpgListenerException;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.util.ErrorHandler;

/**
 * Listeners that throw, as docs/events.md shows them.
 */
@Configuration(proxyBeanMethods = false)
class ErrorsConfiguration {

	final List<String> failures = new CopyOnWriteArrayList<>();

	@EventListener
	void mistake(Order order) {
		if (order.item().isEmpty()) {
			throw new IllegalArgumentException("nothing ordered");
		}
	}

	// snippet:errors
	@Bean
	ErrorHandler listenerErrors() {
		return (ex) -> {
			if (ex instanceof CpgListenerException failure) {
				alarm(failure.getEvent() + ": " + failure.getCause());
			}
		};
	}
	// end:errors

	private void alarm(String what) {
		this.failures.add(what);
	}

}

package dev.cpg.docs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/**
 * Listeners with a thread of their own, as docs/events.md shows them.
 */
@Component
class AsyncListener {

	final List<String> done = new CopyOnWriteArrayList<>();

	// snippet:listener
	@Async("orderWorker")
	@EventListener
	void process(Order order) {
		work(order);
	}
	// end:listener

	private void work(Order order) {
		this.done.add(order.id() + " by " + Thread.currentThread().getName());
	}

	List<String> done() {
		return this.done;
	}

}

package dev.cpg.docs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.event.CpgDeliverEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Listeners that send, as docs/events.md shows them.
 */
@Component
class Bridge {

	final List<String> sent = new CopyOnWriteArrayList<>();

	final List<String> heard = new CopyOnWriteArrayList<>();

	private final CpgTemplate template;

	Bridge(CpgTemplate template) {
		this.template = template;
	}

	// snippet:answer
	@EventListener(condition = "!#event.local")
	void answer(CpgDeliverEvent<Order> event) {
		send("got order " + event.getPayload().id());
	}
	// end:answer

	// snippet:bridge
	@EventListener(condition = "!(#root.event.source instanceof T(dev.cpg.spring.event.CpgDeliverEvent))")
	void toTheGroup(Order order) {
		send(order);
	}
	// end:bridge

	@EventListener
	void text(CpgDeliverEvent<String> event) {
		this.heard.add(event.getSender() + " said " + event.getPayload());
	}

	private void send(Object payload) {
		this.sent.add(payload.toString());
		var unused = this.template.convertAndMulticast(payload);
	}

}

package dev.cpg.docs;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The service that the README shows.
 */
// snippet:orders
@Component
class Orders {

	// end:orders
	private static final Logger log = LoggerFactory.getLogger(Orders.class);

	// snippet:orders
	private final CpgTemplate template;

	Orders(CpgTemplate template) {
		this.template = template;
	}

	@EventListener
	void members(CpgConfigurationChangeEvent event) {
		log.info("joined {}, left {}, now {}", event.getJoined(), event.getLeft(), event.getView().members());
	}

	@EventListener
	void placed(CpgDeliverEvent<Order> event) {
		log.info("{} placed {}", event.getSender(), event.getPayload());
	}

	CompletableFuture<CpgView> place(Order order) {
		return this.template.convertAndMulticast(order);
	}

}
// end:orders

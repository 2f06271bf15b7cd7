package dev.cpg.docs.testing;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The component that docs/testing.md tests.
 */
// snippet:loads
@Component
class Loads {

	private final Map<CpgAddress, Integer> known = new ConcurrentHashMap<>();

	private final CpgOperations operations;

	Loads(CpgOperations operations) {
		this.operations = operations;
	}

	CompletableFuture<Integer> report(int requests) {
		return this.operations.convertAndMulticast(new Load(requests)).thenApply((view) -> view.members().size());
	}

	@EventListener
	void reported(CpgDeliverEvent<Load> event) {
		this.known.put(event.getSender(), event.getPayload().requests());
	}

	@EventListener
	void left(CpgConfigurationChangeEvent event) {
		event.getLeft().forEach((member) -> this.known.remove(member.address()));
	}

	@EventListener
	void disconnected(CpgDisconnectedEvent event) {
		this.known.clear();
	}

	Map<CpgAddress, Integer> known() {
		return Map.copyOf(this.known);
	}

}
// end:loads

package dev.cpg.spring.test;

import java.nio.charset.StandardCharsets;

import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.event.EventListener;

/**
 * A service that repeats what other members say.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Echo {

	private final CpgOperations operations;

	Echo(CpgOperations operations) {
		this.operations = operations;
	}

	@EventListener
	void delivered(CpgDeliverEvent<byte[]> event) {
		if (!event.isLocal()) {
			this.operations.multicast("echo of " + new String(event.getPayload(), StandardCharsets.UTF_8));
		}
	}

}

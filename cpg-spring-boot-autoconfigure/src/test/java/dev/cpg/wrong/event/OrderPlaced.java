package dev.cpg.wrong.event;

import java.io.Serial;

import dev.cpg.spring.message.CpgMessageType;

import org.springframework.context.ApplicationEvent;

/**
 * An event that was published locally before.
 */
@CpgMessageType("order-placed")
public final class OrderPlaced extends ApplicationEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	public OrderPlaced(Object source) {
		super(source);
	}

}

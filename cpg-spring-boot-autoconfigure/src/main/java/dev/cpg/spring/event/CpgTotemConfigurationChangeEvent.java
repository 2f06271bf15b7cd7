package dev.cpg.spring.event;

import java.io.Serial;
import java.util.List;

import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.RingId;

/**
 * The ring changed: nodes came or went, whether or not they have members of the group.
 * The first one follows this member's join and reports the present ring.
 */
public final class CpgTotemConfigurationChangeEvent extends CpgEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient CpgTotemConfiguration configuration;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param group the group's name
	 * @param configuration the ring
	 */
	public CpgTotemConfigurationChangeEvent(Object source, String group, CpgTotemConfiguration configuration) {
		super(source, group, configuration.view());
		this.configuration = configuration;
	}

	/**
	 * Returns the id of the ring.
	 */
	public RingId getRing() {
		return this.configuration.ring();
	}

	/**
	 * Returns the ids of the ring's nodes, unsigned 32-bit numbers; unmodifiable.
	 */
	public List<Long> getNodeIds() {
		return this.configuration.nodeIds();
	}

	@Override
	public String toString() {
		return "CpgTotemConfigurationChangeEvent[group=%s, ring=%s, nodes=%s]".formatted(getGroup(), getRing(),
				getNodeIds());
	}

}

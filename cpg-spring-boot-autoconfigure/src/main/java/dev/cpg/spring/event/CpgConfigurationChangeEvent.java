package dev.cpg.spring.event;

import java.io.Serial;
import java.util.List;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMember;

/**
 * Members joined or left, this member included. The {@linkplain #getView() view} is the
 * one after the change.
 * <p>
 * The first one after a {@link CpgConnectedEvent} reports this member's join; its view
 * has the members that were there before, too.
 */
public final class CpgConfigurationChangeEvent extends CpgEvent {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient CpgConfigurationChange change;

	/**
	 * Creates an event.
	 * @param source the object that publishes it
	 * @param change what changed
	 */
	public CpgConfigurationChangeEvent(Object source, CpgConfigurationChange change) {
		super(source, change.group().text(), change.view());
		this.change = change;
	}

	/**
	 * Returns who joined, with the reason; unmodifiable.
	 */
	public List<CpgMember> getJoined() {
		return this.change.joined();
	}

	/**
	 * Returns who left, with the reason; unmodifiable.
	 */
	public List<CpgMember> getLeft() {
		return this.change.left();
	}

	@Override
	public String toString() {
		return "CpgConfigurationChangeEvent[group=%s, joined=%s, left=%s, members=%s, ring=%s]".formatted(getGroup(),
				getJoined(), getLeft(), getView().members(), getView().ring());
	}

}

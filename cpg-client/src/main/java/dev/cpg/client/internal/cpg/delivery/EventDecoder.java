package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;

/**
 * Decodes the daemon's events, in their order. It is used by whoever reads, so by one
 * thread at a time.
 */
public final class EventDecoder {

	private final ViewTracker views;

	private final MessageDecoder messages;

	/**
	 * Creates a decoder.
	 * @param messages is an observer of the views
	 */
	public EventDecoder(ViewTracker views, MessageDecoder messages) {
		this.views = views;
		this.messages = messages;
	}

	void decode(FrameReader frame, DeliverySink sink) {
		if (this.views.isLeft()) {
			// Corosync goes on sending a connection the events of the group that it left.
			return;
		}
		this.views.eventCame();
		switch (FrameHeader.id(frame)) {
			case CpgEvents.DELIVER -> {
				this.views.releaseHeld(sink);
				this.messages.deliver(frame, this.views.view(), sink);
			}
			case CpgEvents.PARTIAL_DELIVER -> {
				this.views.releaseHeld(sink);
				this.messages.deliverFragment(frame, this.views.view(), sink);
			}
			case CpgEvents.CONFIGURATION_CHANGE ->
				this.views.membersChanged(CpgEvents.readConfigurationChange(frame), sink);
			case CpgEvents.TOTEM_CONFIGURATION -> this.views.ringChanged(CpgEvents.readTotemConfiguration(frame), sink);
			default -> {
				// A newer daemon may send more; what is not known is not needed.
			}
		}
	}

	/**
	 * Returns within how many milliseconds {@link #releaseDue} has to be called; 0 for no
	 * limit.
	 */
	int dueMillis() {
		return this.views.dueMillis();
	}

	/** Passes on what was held for too long, and what the daemon was asked for. */
	void releaseDue(DeliverySink sink) {
		this.views.releaseDue(sink);
	}

	/** The listener has returned: what was lent is not used any more. */
	void recycle() {
		this.messages.recycle();
	}

}

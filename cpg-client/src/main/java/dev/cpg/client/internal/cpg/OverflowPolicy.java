package dev.cpg.client.internal.cpg;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import dev.cpg.client.internal.log.Printable;

/**
 * What happens when the reader finds the delivery queue full.
 */
final class OverflowPolicy {

	private final SessionSettings settings;

	private final DeliveryQueue<Delivery> queue;

	private final IpcConnection connection;

	private final MembershipState membership;

	private final LogLimit warning = new LogLimit();

	OverflowPolicy(SessionSettings settings, DeliveryQueue<Delivery> queue, IpcConnection connection,
			MembershipState membership) {
		this.settings = settings;
		this.queue = queue;
		this.connection = connection;
		this.membership = membership;
	}

	/**
	 * Puts a delivery in the queue if there is room.
	 * @return {@code false} if {@link #put} must follow, which waits for room
	 * @throws CorosyncException with {@link CsError#QUEUE_FULL} if there is none, and the
	 * group is to be left for that
	 */
	boolean offer(Delivery delivery) {
		if (this.queue.offer(delivery)) {
			return true;
		}
		if (this.settings.overflow() == CpgOverflow.BLOCK) {
			warn();
			return false;
		}
		throw new CorosyncException(CsError.QUEUE_FULL,
				("The listener is too slow: %d bytes wait for it; the group was left"
						+ " so that corosync need not keep more (%s)")
					.formatted(this.queue.weight(), capacityName()),
				CorosyncSetting.DELIVERY_QUEUE_CAPACITY, null);
	}

	/**
	 * Puts a delivery in the queue. While the reader waits for room, it has to notice all
	 * the same if the daemon goes.
	 */
	void put(Delivery delivery) {
		this.queue.put(delivery, this.connection::checkDaemon);
	}

	private void warn() {
		this.warning.log("full", (leftOut) -> {
			long bytes = this.queue.weight();
			CpgLog.LISTENERS.warn()
				.with("group", this.membership.group())
				.with("bytes", bytes)
				.log("The listeners of group '{}' are too slow: {} wait for them, and what follows waits in corosync,"
						+ " which the whole node needs ({})", this.membership.group(), Printable.count(bytes, "byte"),
						capacityName());
		});
	}

	private String capacityName() {
		return this.settings.nameOf(CorosyncSetting.DELIVERY_QUEUE_CAPACITY);
	}

}

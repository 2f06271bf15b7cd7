package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import dev.cpg.client.internal.log.Printable;

/**
 * Puts deliveries in the queue. If that is full, the reader waits for room, or leaves the
 * group.
 */
final class QueueSink implements DeliverySink {

	private final DeliveryQueue<Delivery> queue;

	private final IpcConnection connection;

	private final MembershipState membership;

	private final BurstFlush flush;

	private final SessionSettings settings;

	private final Freshness freshness;

	private final LogLimit warning = new LogLimit();

	QueueSink(DeliveryQueue<Delivery> queue, IpcConnection connection, MembershipState membership, BurstFlush flush,
			SessionSettings settings, Freshness freshness) {
		this.queue = queue;
		this.connection = connection;
		this.membership = membership;
		this.flush = flush;
		this.settings = settings;
		this.freshness = freshness;
	}

	/** What is in the queue outlives the next message. */
	@Override
	public boolean lends() {
		return false;
	}

	@Override
	public void accept(Delivery delivery) {
		this.flush.addEvents(1);
		if (this.queue.offer(delivery)) {
			return;
		}
		if (this.settings.overflow() == CpgOverflow.LEAVE) {
			throw leave();
		}
		warn();
		// The listener may wait for one of these outcomes, and there is no room before it
		// returns.
		this.flush.run();
		this.freshness.blocked(true);
		// While the reader waits, it has to notice anyway if the daemon goes.
		this.queue.put(delivery, this.connection::checkDaemon);
		this.freshness.blocked(false);
	}

	private CorosyncException leave() {
		this.connection.requests()
			.tryAsk(CpgRequests.leave(this.membership.requireGroup(), this.membership.localAddress().pid()));
		return new CorosyncException(CsError.QUEUE_FULL,
				("The listener is too slow: %d bytes wait for it; the group was left"
						+ " so that corosync need not keep more (%s)")
					.formatted(this.queue.weight(), capacityName()),
				CorosyncSetting.DELIVERY_QUEUE_CAPACITY, null);
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

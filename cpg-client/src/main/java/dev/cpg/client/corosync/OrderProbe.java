package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.delivery.Receiver;
import dev.cpg.client.internal.log.CpgLog;

/**
 * Finds out whether the cluster orders what this node's daemon sends, by being the only
 * member of a group for a moment. Corosync sends in order: once that join has come back,
 * so has everything that this daemon sent before.
 */
final class OrderProbe implements Predicate<Deadline> {

	/** No name is taken twice, so no probe is in another one's way. */
	private final AtomicLong names = new AtomicLong(System.nanoTime());

	private final SessionOpener sessions;

	private final MemberIds memberIds;

	OrderProbe(SessionOpener sessions, long memberId) {
		this.sessions = sessions;
		this.memberIds = new MemberIds(memberId);
	}

	@Override
	public boolean test(Deadline deadline) {
		try (CpgConnection probe = new CorosyncConnection(this.sessions, this.memberIds,
				new Receiver(new CpgListener() {
				}, null), connectLimit(deadline))) {
			probe.join(CpgGroupName.of("cpg-probe-%x".formatted(this.names.getAndIncrement())), remaining(deadline));
			probe.leave(remaining(deadline));
			return true;
		}
		catch (CorosyncException ex) {
			CpgLog.MEMBERSHIP.debug().cause(ex).log("The cluster was not seen to order anything");
			return false;
		}
	}

	/**
	 * Who waits for the answer does so no longer for the connection than for the rest.
	 */
	private Duration connectLimit(Deadline deadline) {
		Duration limit = this.sessions.settings().requestTimeout();
		Duration remaining = remaining(deadline);
		return (remaining.compareTo(limit) < 0) ? remaining : limit;
	}

	private static Duration remaining(Deadline deadline) {
		return Duration.ofNanos(Math.max(0, deadline.remainingNanos()));
	}

}

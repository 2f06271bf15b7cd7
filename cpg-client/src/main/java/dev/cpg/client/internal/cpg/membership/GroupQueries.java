package dev.cpg.client.internal.cpg.membership;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Liveness;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.Requests;

/**
 * Asks the daemon who is a member of which group. No membership is needed for it.
 */
public final class GroupQueries {

	private static final Duration LONGEST = Duration.ofDays(1);

	private final IpcConnection connection;

	private final Requests requests;

	private final Duration timeout;

	public GroupQueries(IpcConnection connection, Duration timeout) {
		this.connection = connection;
		this.requests = connection.requests();
		this.timeout = timeout;
	}

	public List<CpgAddress> membership(CpgGroupName group) {
		return membership(group, Deadline.in(this.timeout));
	}

	/**
	 * Returns the members of a group, even if the daemon's ring re-forms meanwhile. For
	 * what nobody has asked for, which should not cost the connection.
	 */
	public List<CpgAddress> membershipAcrossRings(CpgGroupName group) {
		boolean isLong = this.timeout.compareTo(LONGEST) > 0;
		return membership(group,
				Deadline.in(isLong ? this.timeout : this.timeout.multipliedBy(Liveness.RING_RE_FORMS)));
	}

	/**
	 * Returns the members of a group. It iterates over them: the request that has all
	 * members in its answer has room for 384 in the daemon, which does not check it.
	 */
	public List<CpgAddress> membership(CpgGroupName group, Deadline deadline) {
		List<CpgAddress> members = new ArrayList<>();
		iterate(CpgRequests.iterationStart(group), deadline, (of, member) -> {
			if (of.equals(group)) {
				members.add(member);
			}
		});
		return members.stream().sorted().toList();
	}

	public Map<CpgGroupName, List<CpgAddress>> groups() {
		Map<CpgGroupName, List<CpgAddress>> groups = new LinkedHashMap<>();
		iterate(CpgRequests.iterationStart(), Deadline.in(this.timeout),
				(group, member) -> groups.computeIfAbsent(group, (key) -> new ArrayList<>()).add(member));
		groups.replaceAll((group, members) -> members.stream().sorted().toList());
		return Collections.unmodifiableMap(groups);
	}

	/**
	 * The daemon copies its list when an iteration starts, so all answers are of one
	 * moment.
	 */
	private void iterate(Request<Long> start, Deadline deadline, BiConsumer<CpgGroupName, CpgAddress> consumer) {
		long handle = this.requests.ask(start, deadline);
		try {
			while (true) {
				CpgRequests.GroupMember member = this.requests.ask(CpgRequests.iterationNext(handle), deadline);
				CpgGroupName group = member.group();
				if (group != null) {
					consumer.accept(group, member.address());
				}
			}
		}
		catch (CorosyncException ex) {
			if (ex.error() != CsError.NO_SECTIONS) {
				throw ex;
			}
		}
		finally {
			if (!this.connection.isEnded()) {
				Deadline usual = Deadline.in(this.timeout);
				this.requests.ask(CpgRequests.iterationEnd(handle),
						(deadline.remainingNanos() > usual.remainingNanos()) ? deadline : usual);
			}
		}
	}

}

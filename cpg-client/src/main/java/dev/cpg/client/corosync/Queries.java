package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CsError;

/**
 * What can be asked of the daemon without being a member of anything.
 */
final class Queries {

	private final Link link;

	private final Requests requests;

	private final Duration timeout;

	Queries(Link link, Duration timeout) {
		this.link = link;
		this.requests = link.requests();
		this.timeout = timeout;
	}

	long localNodeId() {
		return this.requests.ask("tell the local node's id", CpgProtocol.REQUEST_HEADER,
				(frame) -> CpgProtocol.writeHeader(frame, CpgProtocol.LOCAL_NODE, CpgProtocol.REQUEST_HEADER),
				CpgProtocol.LOCAL_NODE_RESPONSE, CpgProtocol::readLocalNode, Deadline.in(this.timeout));
	}

	List<CpgAddress> membership(CpgGroupName group) {
		return this.requests
			.ask("tell the members of the group " + group, CpgProtocol.MEMBERSHIP_LENGTH,
					(frame) -> CpgProtocol.writeMembership(frame, group), CpgProtocol.MEMBERSHIP_RESPONSE,
					CpgProtocol::readMembership, Deadline.in(this.timeout))
			.stream()
			.sorted()
			.toList();
	}

	/**
	 * The daemon keeps a copy of its list for the time of the iteration, so what comes is
	 * of one moment.
	 */
	Map<CpgGroupName, List<CpgAddress>> groups() {
		String what = "iterate over the groups";
		Deadline deadline = Deadline.in(this.timeout);
		long handle = this.requests.ask(what, CpgProtocol.ITERATION_START_LENGTH, CpgProtocol::writeIterationStart,
				CpgProtocol.ITERATION_START_RESPONSE, CpgProtocol::readIterationHandle, deadline);
		Map<CpgGroupName, List<CpgAddress>> groups = new LinkedHashMap<>();
		try {
			while (true) {
				CpgProtocol.GroupMember member = this.requests.ask(what, CpgProtocol.ITERATION_LENGTH,
						(frame) -> CpgProtocol.writeIteration(frame, CpgProtocol.ITERATION_NEXT, handle),
						CpgProtocol.ITERATION_NEXT_RESPONSE, CpgProtocol::readIterationMember, deadline);
				groups.computeIfAbsent(member.group(), (group) -> new ArrayList<>()).add(member.address());
			}
		}
		catch (CpgException ex) {
			if (ex.error() != CsError.NO_SECTIONS) {
				throw ex;
			}
		}
		finally {
			if (!this.link.isEnded()) {
				this.requests.ask("end the iteration", CpgProtocol.ITERATION_LENGTH,
						(frame) -> CpgProtocol.writeIteration(frame, CpgProtocol.ITERATION_END, handle),
						CpgProtocol.ITERATION_END_RESPONSE, (frame) -> true, Deadline.in(this.timeout));
			}
		}
		groups.replaceAll((group, members) -> members.stream().sorted().toList());
		return Collections.unmodifiableMap(groups);
	}

}

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
		return this.requests.ask(CpgProtocol.localNode(), Deadline.in(this.timeout));
	}

	List<CpgAddress> membership(CpgGroupName group) {
		return this.requests.ask(CpgProtocol.membership(group), Deadline.in(this.timeout)).stream().sorted().toList();
	}

	/**
	 * The daemon keeps a copy of its list for the time of the iteration, so what comes is
	 * of one moment.
	 */
	Map<CpgGroupName, List<CpgAddress>> groups() {
		Deadline deadline = Deadline.in(this.timeout);
		long handle = this.requests.ask(CpgProtocol.iterationStart(), deadline);
		Map<CpgGroupName, List<CpgAddress>> groups = new LinkedHashMap<>();
		try {
			while (true) {
				CpgProtocol.GroupMember member = this.requests.ask(CpgProtocol.iterationNext(handle), deadline);
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
				this.requests.ask(CpgProtocol.iterationEnd(handle), Deadline.in(this.timeout));
			}
		}
		groups.replaceAll((group, members) -> members.stream().sorted().toList());
		return Collections.unmodifiableMap(groups);
	}

}

package dev.cpg.faults;

import java.util.Collection;
import java.util.List;
import java.util.Set;

import dev.cpg.faults.member.Places;
import dev.cpg.test.CorosyncNode;
import org.jspecify.annotations.Nullable;

/**
 * Does to a cluster what a plan says. What cannot be done, because of another fault that
 * is not over, is left out. When it returns the faults are over, but the members may not
 * have found together.
 */
final class Injector {

	private static final long HOUR_MILLIS = 3_600_000;

	private static final long LONGEST_LISTENER = 10_000;

	private static final String OVERLOAD = "overload 3000 8000";

	/** The time in which most members start. */
	private static final long NEXT_MEMBER_MILLIS = 1500;

	private final Agenda agenda = new Agenda();

	private final Deployment deployment;

	private final Journal journal;

	private final Network network;

	Injector(Deployment deployment, Journal journal) {
		this.deployment = deployment;
		this.journal = journal;
		this.network = new Network(deployment.cluster(), journal, this.agenda);
	}

	void inject(List<PlannedFault> plan) throws InterruptedException {
		plan.forEach((fault) -> this.agenda.in(fault.at(), () -> begin(fault)));
		this.agenda.run();
	}

	private void begin(PlannedFault fault) {
		CorosyncNode node = this.deployment.cluster().node(fault.node());
		MemberProcess member = this.deployment.member(fault.node(), fault.place());
		switch (fault.kind()) {
			case KILL_MEMBER -> killMember(fault, (fault.choice() % 2 == 0) ? leaderOr(member, fault) : member);
			case PAUSE_MEMBER -> pauseMember(fault, (fault.choice() % 2 == 0) ? leaderOr(member, fault) : member);
			case LEAVE_AND_JOIN -> leaveAndJoin(fault, member);
			case REJOIN -> have(fault, member, "rejoin");
			case YIELD -> giveUp(fault);
			case SLOW_LISTENER -> have(fault, member, "slow " + Math.min(fault.millis(), LONGEST_LISTENER));
			case OVERLOAD -> have(fault, member, OVERLOAD);
			case CLOCK_SHIFT -> shiftClock(fault, member);
			case KILL_DAEMON, STOP_DAEMON, WIPE_ONE -> restartDaemon(fault, node);
			case PAUSE_DAEMON -> pauseDaemon(fault, node, List.of());
			case PAUSE_NODE -> pauseDaemon(fault, node, this.deployment.membersOn(fault.node()));
			case KILL_NODE -> killNode(fault, node);
			case WIPE_ALL -> restartDaemons(fault);
			case CUT, CUT_ONE_WAY, CUT_FLAPPING -> this.network.begin(fault);
			case REDEPLOY -> redeploy(fault);
			case RESTART_ALL -> restartAll(fault);
		}
	}

	/** A leader is the most interesting target. */
	private MemberProcess leaderOr(MemberProcess otherwise, PlannedFault fault) {
		String role = role(fault);
		for (MemberProcess asked : this.deployment.running()) {
			Status status = asked.isPaused() ? null : Status.of(asked);
			String leader = (status != null) ? status.leaders().get(role) : null;
			MemberProcess found = (leader != null) ? this.deployment.member(leader) : null;
			if (found != null) {
				return found;
			}
		}
		return otherwise;
	}

	private static String role(PlannedFault fault) {
		return Places.ROLES.get(fault.choice() / 2 % Places.ROLES.size());
	}

	private int record(PlannedFault fault, @Nullable MemberProcess member, Collection<Integer> nodes) {
		return this.journal.fault(fault.kind(), (member != null) ? member.name() : "-", nodes, fault.millis());
	}

	private void endIn(PlannedFault fault, int id, Runnable ending) {
		this.agenda.in(fault.millis(), () -> {
			ending.run();
			this.journal.over(id);
		});
	}

	private void killMember(PlannedFault fault, MemberProcess member) {
		if (member.isAlive()) {
			int id = record(fault, member, Set.of());
			this.deployment.kill(member);
			endIn(fault, id, this.deployment::startAll);
		}
	}

	private void pauseMember(PlannedFault fault, MemberProcess member) {
		if (member.isAlive() && !member.isPaused()) {
			int id = record(fault, member, Set.of());
			member.pause();
			endIn(fault, id, member::resume);
		}
	}

	private void leaveAndJoin(PlannedFault fault, MemberProcess member) {
		if (!member.isAlive() || member.isPaused()) {
			return;
		}
		int id = record(fault, member, Set.of());
		// In half of the cases while the others elect.
		if (fault.choice() % 2 == 0) {
			MemberProcess leader = leaderOr(member, fault);
			if (leader != member) {
				this.deployment.kill(leader);
			}
		}
		this.deployment.end(member);
		endIn(fault, id, this.deployment::startAll);
	}

	private void have(PlannedFault fault, MemberProcess member, String command) {
		if (member.isAlive()) {
			int id = record(fault, member, Set.of());
			var unused = member.command(command);
			this.journal.over(id);
		}
	}

	private void giveUp(PlannedFault fault) {
		int id = record(fault, null, Set.of());
		// Those that do not lead do nothing.
		this.deployment.running().forEach((member) -> member.command("yield " + role(fault)));
		this.journal.over(id);
	}

	private void shiftClock(PlannedFault fault, MemberProcess member) {
		if (member.isAlive()) {
			int id = record(fault, member, Set.of());
			var unused = member.command("clock " + ((fault.choice() % 2 == 0) ? HOUR_MILLIS : -HOUR_MILLIS));
			endIn(fault, id, () -> member.command("clock 0"));
		}
	}

	private void restartDaemon(PlannedFault fault, CorosyncNode node) {
		if (!node.isRunning()) {
			return;
		}
		int id = record(fault, null, Set.of(fault.node()));
		if (fault.kind() == FaultKind.STOP_DAEMON) {
			this.deployment.stopDaemon(node);
		}
		else {
			this.deployment.killDaemon(node);
		}
		endIn(fault, id, () -> {
			if (fault.kind() == FaultKind.WIPE_ONE && !node.isRunning()) {
				RingNumbers.forget(node);
			}
			node.start();
		});
	}

	private void restartDaemons(PlannedFault fault) {
		int id = record(fault, null, allNodes());
		this.deployment.nodes().forEach(this.deployment::killDaemon);
		this.deployment.nodes().forEach(RingNumbers::forget);
		endIn(fault, id, () -> this.deployment.nodes().forEach(CorosyncNode::start));
	}

	private List<Integer> allNodes() {
		return this.deployment.nodes().stream().map(CorosyncNode::nodeId).toList();
	}

	private void pauseDaemon(PlannedFault fault, CorosyncNode node, List<MemberProcess> members) {
		if (!node.isRunning() || node.isPaused()) {
			return;
		}
		int id = record(fault, null, Set.of(fault.node()));
		node.pause();
		List<MemberProcess> paused = members.stream()
			.filter((member) -> member.isAlive() && !member.isPaused())
			.toList();
		paused.forEach(MemberProcess::pause);
		endIn(fault, id, () -> {
			node.resume();
			paused.forEach(MemberProcess::resume);
		});
	}

	private void killNode(PlannedFault fault, CorosyncNode node) {
		if (!node.isRunning()) {
			return;
		}
		int id = record(fault, null, Set.of(fault.node()));
		this.deployment.killDaemon(node);
		this.deployment.membersOn(fault.node()).forEach(this.deployment::kill);
		endIn(fault, id, () -> {
			node.start();
			this.deployment.startOn(fault.node());
		});
	}

	private void redeploy(PlannedFault fault) {
		int id = record(fault, null, Set.of());
		long millis = 0;
		for (int node : allNodes()) {
			for (int place = 0; place < Deployment.MEMBERS_OF_NODE; place++) {
				int replaced = place;
				this.agenda.in(millis, () -> replace(node, replaced));
				millis += NEXT_MEMBER_MILLIS;
			}
		}
		this.agenda.in(millis, () -> this.journal.over(id));
	}

	private void replace(int node, int place) {
		MemberProcess member = this.deployment.member(node, place);
		if (!member.isPaused()) {
			this.deployment.end(member);
			boolean unused = this.deployment.awaitEnd(member);
			this.deployment.start(node, place);
		}
	}

	private void restartAll(PlannedFault fault) {
		int id = record(fault, null, allNodes());
		this.deployment.nodes().forEach(this.deployment::killDaemon);
		this.deployment.running().forEach(this.deployment::kill);
		endIn(fault, id, () -> {
			this.deployment.nodes().forEach(CorosyncNode::start);
			this.deployment.startAll();
		});
	}

}

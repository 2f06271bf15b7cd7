package dev.cpg.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.cpg.faults.member.Places;
import dev.cpg.test.CorosyncNode;
import org.jspecify.annotations.Nullable;

/**
 * Does to a cluster what a plan says. What cannot be done, because of another fault that
 * is not over, is left out.
 */
final class Injector {

	private static final long HOUR_MILLIS = 3_600_000;

	private static final long LONGEST_LISTENER = 10_000;

	private static final String OVERLOAD = "overload 3000 8000";

	/** The time in which most members start. */
	private static final long NEXT_MEMBER_MILLIS = 1500;

	private static final long LOOK_MILLIS = 50;

	private final Agenda agenda = new Agenda();

	private final Deployment deployment;

	private final Journal journal;

	private final Network network;

	Injector(Deployment deployment, Journal journal) {
		this.deployment = deployment;
		this.journal = journal;
		this.network = new Network(deployment.cluster(), journal, this.agenda);
	}

	/**
	 * Returns when the last fault is over, but for what members are still asked to do,
	 * and those that are about to end.
	 */
	void inject(List<PlannedFault> plan) throws InterruptedException {
		plan.forEach((fault) -> this.agenda.in(fault.at(), () -> begin(fault)));
		this.agenda.run();
	}

	private void begin(PlannedFault fault) {
		CorosyncNode node = this.deployment.cluster().node(fault.node());
		MemberProcess member = this.deployment.member(fault.node(), fault.place());
		switch (fault.kind()) {
			case KILL_MEMBER -> killMember(fault, leaderOr(member, fault));
			case PAUSE_MEMBER -> pauseMember(fault, leaderOr(member, fault));
			case LEAVE_AND_JOIN -> leaveAndJoin(fault, member);
			case REJOIN -> rejoin(fault, member);
			case YIELD -> giveUp(fault);
			case SLOW_LISTENER -> ask(fault, member, "slow " + Math.min(fault.millis(), LONGEST_LISTENER));
			case OVERLOAD -> overload(fault, member);
			case CLOCK_SHIFT -> shiftClocks(fault);
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

	/** In half of the cases the leader, which is the most interesting target. */
	private MemberProcess leaderOr(MemberProcess otherwise, PlannedFault fault) {
		if (fault.choice() % 2 != 0) {
			return otherwise;
		}
		String leader = Leaders.find(this.deployment.active(), role(fault));
		MemberProcess found = (leader != null) ? this.deployment.member(leader) : null;
		return (found != null) ? found : otherwise;
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

	/** Waits for the end that was asked for. */
	private void whenEnded(MemberProcess member, Runnable task) {
		awaitEnd(member, Deployment.END_LIMIT.toMillis(), task);
	}

	private void awaitEnd(MemberProcess member, long millisLeft, Runnable task) {
		if (member.isAlive() && millisLeft > 0) {
			this.agenda.in(LOOK_MILLIS, () -> awaitEnd(member, millisLeft - LOOK_MILLIS, task));
			return;
		}
		if (member.isAlive()) {
			this.deployment.killLate(member);
		}
		task.run();
	}

	private void killMember(PlannedFault fault, MemberProcess member) {
		if (member.isAlive()) {
			int id = record(fault, member, Set.of());
			this.deployment.kill(member);
			endIn(fault, id, () -> this.deployment.restart(member));
		}
	}

	private void pauseMember(PlannedFault fault, MemberProcess member) {
		if (member.isActive()) {
			int id = record(fault, member, Set.of());
			member.pause();
			endIn(fault, id, member::resume);
		}
	}

	private void leaveAndJoin(PlannedFault fault, MemberProcess member) {
		if (!member.isActive()) {
			return;
		}
		int id = record(fault, member, Set.of());
		MemberProcess leader = killLeader(fault, member);
		this.deployment.end(member);
		endIn(fault, id, () -> {
			this.deployment.restart(leader);
			whenEnded(member, () -> this.deployment.restart(member));
		});
	}

	/** In half of the cases, so that the others elect just then. */
	private MemberProcess killLeader(PlannedFault fault, MemberProcess otherwise) {
		MemberProcess leader = leaderOr(otherwise, fault);
		if (leader != otherwise) {
			this.deployment.kill(leader);
		}
		return leader;
	}

	private void rejoin(PlannedFault fault, MemberProcess member) {
		if (member.isActive()) {
			MemberProcess leader = killLeader(fault, member);
			ask(fault, member, "rejoin");
			this.agenda.in(fault.millis(), () -> this.deployment.restart(leader));
		}
	}

	private void ask(PlannedFault fault, MemberProcess member, String command) {
		if (member.isActive()) {
			int id = record(fault, member, Set.of());
			member.command(command).whenComplete((answer, failure) -> this.journal.over(id));
		}
	}

	private void overload(PlannedFault fault, MemberProcess member) {
		if (member.isActive() && fault.choice() % 2 == 0) {
			var unused = member.command("slow " + LONGEST_LISTENER / 2);
		}
		ask(fault, member, OVERLOAD);
	}

	private void giveUp(PlannedFault fault) {
		int id = record(fault, null, Set.of());
		// Those that do not lead do nothing.
		CompletableFuture<?>[] answers = this.deployment.active()
			.stream()
			.map((member) -> member.command("yield " + role(fault)))
			.toArray(CompletableFuture<?>[]::new);
		CompletableFuture.allOf(answers).whenComplete((all, failure) -> this.journal.over(id));
	}

	/** What most clocks say moves the tokens. */
	private void shiftClocks(PlannedFault fault) {
		List<Integer> nodes = allNodes().subList(0, allNodes().size() / 2 + 1);
		int id = record(fault, null, nodes);
		List<MemberProcess> shifted = new ArrayList<>();
		for (int node : nodes) {
			shifted.addAll(this.deployment.membersOn(node));
		}
		shiftClocks(shifted, (fault.choice() % 2 == 0) ? HOUR_MILLIS : -HOUR_MILLIS);
		endIn(fault, id, () -> shiftClocks(shifted, 0));
	}

	private static void shiftClocks(List<MemberProcess> members, long millis) {
		members.stream().filter(MemberProcess::isAlive).forEach((member) -> member.command("clock " + millis));
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
		List<MemberProcess> paused = members.stream().filter(MemberProcess::isActive).toList();
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
				this.agenda.in(millis, () -> replace(this.deployment.member(node, replaced)));
				millis += NEXT_MEMBER_MILLIS;
			}
		}
		this.agenda.in(millis, () -> this.journal.over(id));
	}

	private void replace(MemberProcess member) {
		if (member.isActive()) {
			this.deployment.end(member);
			whenEnded(member, () -> this.deployment.restart(member));
		}
	}

	/** Where clocks may be wrong, only if every member has written down the tokens. */
	private void restartAll(PlannedFault fault) {
		if (this.deployment.keepsTokens() && !Leaders.areAgreed(this.deployment.all())) {
			return;
		}
		int id = record(fault, null, allNodes());
		this.deployment.nodes().forEach(this.deployment::killDaemon);
		this.deployment.running().forEach(this.deployment::kill);
		endIn(fault, id, () -> {
			this.deployment.nodes().forEach(CorosyncNode::start);
			this.deployment.startAll();
		});
	}

}

package dev.cpg.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What is around the faults: everything is healed and runs, the members find together and
 * agree, send their last messages, show what they hold, and end.
 */
final class Calm {

	private static final Duration TOGETHER_LIMIT = Duration.ofSeconds(90);

	private static final Duration AGREED_LIMIT = Duration.ofSeconds(10);

	private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

	private static final Duration BARRIER_LIMIT = Duration.ofSeconds(15);

	private static final Duration LOOK = Duration.ofMillis(50);

	/** So many that one thing which is lost with each is seen. */
	private static final int REJOINS = 8;

	private final Deployment deployment;

	private final Journal journal;

	private final CMember program;

	private final List<String> violations = new ArrayList<>();

	private long batches;

	Calm(Deployment deployment, Journal journal, CMember program) {
		this.deployment = deployment;
		this.journal = journal;
		this.program = program;
	}

	/** Begins a round: the members start, and show what they hold. */
	void begin() {
		findTogether();
		quiet();
		measure();
		command("busy");
	}

	/** Ends a round, in which the faults are over. */
	void end() {
		heal();
		findTogether();
		quiet();
		this.batches = members().stream()
			.map(Status::of)
			.mapToLong((status) -> (status != null) ? status.batches() : 0)
			.sum();
		measure();
		rejoin();
		await(TOGETHER_LIMIT, "The members did not find together again", this::areTogether);
		command("barrier");
		await(BARRIER_LIMIT, "Closing messages did not come",
				() -> all((status) -> status.barriers() >= members().size()));
		command("measure end");
		members().forEach(this.deployment::end);
		members().forEach(this::awaitEnd);
	}

	/** Heals everything and starts what does not run. */
	private void heal() {
		members().forEach(MemberProcess::resume);
		this.deployment.cluster().restore();
		members().stream().filter((member) -> !member.isActive()).toList().forEach(this::awaitEnd);
		this.deployment.startAll();
	}

	/** Waits until all members see each other, and a leader for each role. */
	private void findTogether() {
		await(TOGETHER_LIMIT, "The members did not find together", this::areTogether);
		this.journal.calm();
		if (await(AGREED_LIMIT, "The members did not agree on the leaders", () -> Leaders.areAgreed(members()))) {
			this.journal.agreed();
		}
	}

	/** The C member is in the group, too, and answers nothing. */
	private boolean areTogether() {
		int expected = members().size() + 1;
		return this.program.isJoined() && all((status) -> status.members() == expected);
	}

	/** Waits until the members have nothing more to do. */
	private void quiet() {
		command("quiet");
		await(BARRIER_LIMIT, "Messages have no outcome",
				() -> members().stream().allMatch((member) -> "0".equals(member.ask("open", COMMAND_LIMIT))));
	}

	/** Has members that did not do so before show what they hold. */
	private void measure() {
		awaitAnswers(members().stream()
			.filter(MemberProcess::measureFirst)
			.map((member) -> member.command("measure begin"))
			.toList());
	}

	/** Members leave and join again, so that what they lose by that shows. */
	private void rejoin() {
		List<CompletableFuture<String>> answers = new ArrayList<>();
		for (MemberProcess member : members()) {
			int id = this.journal.fault(FaultKind.REJOIN, member.name(), Set.of(), 0);
			for (int i = 1; i < REJOINS; i++) {
				answers.add(member.command("rejoin"));
			}
			CompletableFuture<String> last = member.command("rejoin");
			last.whenComplete((answer, failure) -> this.journal.over(id));
			answers.add(last);
		}
		awaitAnswers(answers);
	}

	private void command(String command) {
		awaitAnswers(members().stream().map((member) -> member.command(command)).toList());
	}

	private void awaitAnswers(List<CompletableFuture<String>> answers) {
		answers.forEach((answer) -> MemberProcess.answer(answer, COMMAND_LIMIT));
	}

	private void awaitEnd(MemberProcess member) {
		if (!member.await(Deployment.END_LIMIT)) {
			this.deployment.killLate(member);
		}
	}

	private boolean await(Duration limit, String otherwise, BooleanSupplier condition) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > limit.toNanos() || Thread.currentThread().isInterrupted()) {
				this.violations.add("%s within %s: %s".formatted(otherwise, limit, statuses()));
				return false;
			}
			LockSupport.parkNanos(LOOK.toNanos());
		}
		return true;
	}

	private Collection<MemberProcess> members() {
		return this.deployment.all();
	}

	private boolean all(Predicate<Status> condition) {
		return members().stream().map(Status::of).allMatch((status) -> status != null && condition.test(status));
	}

	private String statuses() {
		return members().stream().map((member) -> member + ": " + Status.of(member)).toList().toString();
	}

	/** Returns how many batches came on the connections of the end. */
	long batches() {
		return this.batches;
	}

	/** Returns what went wrong. */
	List<String> violations() {
		return this.violations;
	}

}

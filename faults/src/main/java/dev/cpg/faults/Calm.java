package dev.cpg.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import dev.cpg.faults.member.Places;

/**
 * What follows the faults: everything is healed and runs, the members find together and
 * agree, send their last messages, show what they hold, and end.
 */
final class Calm {

	private static final Duration TOGETHER_LIMIT = Duration.ofSeconds(90);

	private static final Duration AGREED_LIMIT = Duration.ofSeconds(10);

	private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);

	private static final Duration BARRIER_LIMIT = Duration.ofSeconds(15);

	private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

	private final Deployment deployment;

	private final Journal journal;

	private final CMember program;

	private final List<String> violations = new ArrayList<>();

	Calm(Deployment deployment, Journal journal, CMember program) {
		this.deployment = deployment;
		this.journal = journal;
		this.program = program;
	}

	/**
	 * Waits until all members see each other, and a leader for each role.
	 */
	void findTogether() {
		int expected = this.deployment.all().size();
		if (!await(TOGETHER_LIMIT,
				() -> this.program.isJoined() && all((status) -> status.members() == expected + 1))) {
			this.violations
				.add("The members did not find together within %s: %s".formatted(TOGETHER_LIMIT, statuses()));
			return;
		}
		this.journal.calm();
		if (await(AGREED_LIMIT, this::isAgreed)) {
			this.journal.agreed();
		}
		else {
			this.violations
				.add("The members did not agree on the leaders within %s: %s".formatted(AGREED_LIMIT, statuses()));
		}
	}

	/** Heals everything and starts what does not run. */
	void heal() {
		for (MemberProcess member : this.deployment.all()) {
			member.resume();
		}
		this.deployment.cluster().restore();
		for (MemberProcess member : this.deployment.all()) {
			if (member.isEnding()) {
				end(member);
			}
		}
		this.deployment.startAll();
	}

	/** Measures what the members hold. */
	void measure(String phase) {
		List<CompletableFuture<String>> answers = this.deployment.running()
			.stream()
			.map((member) -> member.command("measure " + phase))
			.toList();
		answers.forEach((answer) -> MemberProcess.answer(answer, COMMAND_LIMIT));
	}

	/** Ends the round. */
	void end() {
		Collection<MemberProcess> members = this.deployment.all();
		List<CompletableFuture<String>> answers = members.stream().map((member) -> member.command("quiet")).toList();
		answers.forEach((answer) -> MemberProcess.answer(answer, COMMAND_LIMIT));
		require(BARRIER_LIMIT, "Messages have no outcome",
				() -> members.stream().allMatch((member) -> "0".equals(member.ask("open", COMMAND_LIMIT))));
		members.forEach((member) -> member.command("barrier"));
		require(BARRIER_LIMIT, "Closing messages did not come",
				() -> all((status) -> status.barriers() >= members.size()));
		measure("end");
		members.forEach(this.deployment::end);
		members.forEach(this::end);
	}

	private void end(MemberProcess member) {
		if (!this.deployment.awaitEnd(member)) {
			this.violations.add(member + " did not end");
		}
	}

	private void require(Duration limit, String otherwise, BooleanSupplier condition) {
		if (!await(limit, condition)) {
			this.violations.add(otherwise + " within " + limit + ": " + statuses());
		}
	}

	private static boolean await(Duration limit, BooleanSupplier condition) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > limit.toNanos() || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(LOOK_NANOS);
		}
		return true;
	}

	private boolean all(Predicate<Status> condition) {
		return this.deployment.all()
			.stream()
			.map(Status::of)
			.allMatch((status) -> status != null && condition.test(status));
	}

	private boolean isAgreed() {
		List<Status> statuses = this.deployment.all().stream().map(Status::of).filter(Objects::nonNull).toList();
		return statuses.size() == this.deployment.all().size() && statuses.stream().distinct().count() == 1
				&& statuses.get(0).leaders().keySet().containsAll(Places.ROLES);
	}

	private String statuses() {
		return this.deployment.all().stream().map((member) -> member + ": " + Status.of(member)).toList().toString();
	}

	/** Returns what went wrong. */
	List<String> violations() {
		return this.violations;
	}

}

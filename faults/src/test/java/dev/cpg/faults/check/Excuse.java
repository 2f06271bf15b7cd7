package dev.cpg.faults.check;

import java.util.function.Consumer;

/**
 * Something that is otherwise in a history, for a reason that is known, and the name
 * under which it is counted.
 */
enum Excuse {

	MISSES_WHAT_CAME_WHEN_IT_DIED("delivered.died", (script) -> script.remove("n2a#1", "deliver from=2:20 id=n2a#1#9")),

	JOINED_BETWEEN_FRAGMENTS("shared.fragments",
			(script) -> script.remove("n3a#1", "send id=n3a#1#8")
				.insert("n3a#1", "left=2:20/PROCDOWN", "send id=n3a#1#8 size=2000000")
				.replace("n3a#1", "outcome id=n3a#1#8", "2:21,", "")
				.remove("n2a#2", "deliver from=3:30 id=n3a#1#8")),

	KNOWS_A_LARGER_TOKEN("delivered.stale",
			(script) -> script.remove("n3a#1", "id=n2a#2#1")
				.insert("n3a#1", "id=n1a#1#6", "leader role=billing token=300 leader=2:21")
				.insert("n3a#1", "end", "leader role=billing token=301 leader=2:21")),

	PAUSED_LEADER("revocations.paused",
			(script) -> script.remove("n1a#1", "revoking role=billing token=200")
				.delay("n1a#1", "revoked role=billing token=200", 2_500_000_000L)
				.replace("injector", "fault kind=kill-member", "kind=kill-member nodes=2 target=n2a",
						"kind=pause-member target=n1a#1")
				.delay("injector", "over id=2", 2_500_000_000L)),

	LEAVES_BEHIND_ITS_EVENTS("within-grants.behind",
			(script) -> script.remove("n1a#1", "granted role=billing token=200")
				.remove("n1a#1", "revoked role=billing token=200")
				.insert("injector", "over id=2", "fault kind=overload target=n1a#1 nodes= for=1ms id=8")
				.insert("injector", "over id=2", "fault kind=rejoin target=n1a#1 nodes= for=1ms id=9")),

	DAEMON_OF_THE_LEADER_STOPPED("leads.stopped",
			(script) -> script
				.replace("injector", "fault kind=kill-member", "kind=kill-member nodes=2", "kind=stop-daemon nodes=1")
				.insert("n1a#1", "write role=billing token=200", "leads role=billing token=200 until=99000000000"));

	private final String count;

	@SuppressWarnings("ImmutableEnumChecker") // never changed
	private final Consumer<Script> change;

	Excuse(String count, Consumer<Script> change) {
		this.count = count;
		this.change = change;
	}

	/** Returns the name of the count. */
	String count() {
		return this.count;
	}

	/** Makes it otherwise. */
	Script in(Script script) {
		this.change.accept(script);
		return script;
	}

}

package dev.cpg.faults.check;

import java.util.List;
import java.util.function.Consumer;

/**
 * Something that is otherwise in a history, for a reason that is known, and the name
 * under which it is counted.
 */
enum Excuse {

	MISSES_WHAT_CAME_WHEN_IT_DIED("delivered.died", (script) -> script.remove("n2a#1", "deliver from=2:20 id=n2a#1#9")),

	IS_STOPPED_UNTIL_IT_DIES("delivered.died",
			(script) -> script.remove("n2a#1", "deliver from=2:20 id=n2a#1#9")
				.insert("injector", "fault kind=kill-member", "fault kind=pause-member target=n2a#1 nodes= id=8")
				.insert("injector", "fault kind=kill-member", "over id=8")
				.delay("injector", "over id=8", 10_000_000_000L)),

	IS_CUT_OFF_UNTIL_IT_DIES("delivered.separated",
			(script) -> script.remove("n2a#1", "deliver from=2:20 id=n2a#1#9")
				.insert("injector", "fault kind=kill-member", "fault kind=pause-daemon target=- nodes=2 id=8")
				.delay("injector", "fault kind=kill-member", 10_000_000_000L)),

	PROGRAM_WAS_ASKED_TO_END("delivered.left",
			(script) -> script.insert("injector", "ended name=n1a#1", "ended name=n3c#1")
				.remove("n3c#1", "deliver from=3:30 id=n3a#1#8")
				.remove("n3c#1", "left=1:10/LEAVE")
				.remove("n3c#1", "left=3:30/LEAVE")
				.remove("n3c#1", "left=2:21/LEAVE")),

	PROGRAM_WAITS_FOR_ITS_LEAVE("delivered.left",
			(script) -> script.insert("injector", "over id=2", "ended name=n3c#1").cut("n3c#1", "joined=2:21/JOIN")),

	PROGRAM_READS_NO_TOKENS("delivered.foreign", (script) -> {
	}),

	IS_CUT_OFF("delivered.separated", (script) -> {
	}),

	LACKS_WHAT_DID_NOT_COME_BEFORE_THE_RING_BROKE("delivered.separated",
			(script) -> List.of("n3a#1", "n3c#1")
				.forEach((process) -> script.insert(process, "conf ring=3:8 members=3:30,3:31",
						"deliver from=2:20 id=n2a#1#5 hash=0"))),

	COMES_BACK("delivered.merged", (script) -> {
	}),

	KILLED_BEFORE_IT_HAD_ITS_VIEW("delivered.unseen",
			(script) -> script.cut("n2a#2", "joined=2:21/JOIN").insert("injector", "over id=2", "died name=n2a#2")),

	KILLED_BEFORE_IT_WROTE("delivered.unrecorded",
			(script) -> script.cut("n2a#2", "start member=2:21").insert("injector", "over id=2", "died name=n2a#2")),

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
				.replace("injector", "fault kind=kill-member", "kind=kill-member target=n2a#1",
						"kind=pause-member target=n1a#1")
				.delay("injector", "over id=2", 2_500_000_000L)),

	GRANTED_WHILE_BUSY("grants.late",
			(script) -> script.replace("n1a#1", "quorum ring=1:8", "quorate=true", "quorate=false")
				.insert("injector", "fault kind=cut", "fault kind=slow-listener target=n1a#1 nodes= for=1000ms id=8")
				.insert("injector", "fault kind=cut", "over id=8")),

	LEAVES_BEHIND_ITS_EVENTS("within-grants.behind",
			(script) -> script.remove("n1a#1", "granted role=billing token=200")
				.remove("n1a#1", "revoked role=billing token=200")
				.insert("injector", "over id=2", "fault kind=pause-daemon target=- nodes=1 for=1ms id=8")
				.insert("injector", "over id=2", "over id=8")
				.insert("injector", "over id=2", "fault kind=rejoin target=n1a#1 nodes= for=1ms id=9")
				.insert("injector", "over id=2", "over id=9")),

	KILLED_BEFORE_ITS_GRANT("within-grants.killed",
			(script) -> script.insert("n2a#1", "send id=n2a#1#9999", "leads role=billing token=220 until=99000000000")),

	NO_FAULT_BEFORE("grant-count.unexplained", (script) -> {
		for (int i = 0; i < 24; i++) {
			script.insert("n2a#1", "id=n2a#1#9", "granted role=billing token=200");
		}
	}),

	WROTE_AFTER_ITS_TIME("register.refused", (script) -> {
	}),

	WROTE_WHEN_IT_WAS_KILLED("register.unnoted", (script) -> script.remove("n2a#2", "write role=billing token=300")),

	DAEMON_OF_THE_LEADER_STOPPED("leads.stopped",
			(script) -> script
				.replace("injector", "fault kind=kill-member", "kind=kill-member target=n2a#1 nodes=",
						"kind=stop-daemon target=- nodes=1")
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

	/** Returns the name of the check that counts it. */
	String check() {
		return this.count.substring(0, this.count.indexOf('.'));
	}

	/** Makes it otherwise. */
	Script in(Script script) {
		this.change.accept(script);
		return script;
	}

}

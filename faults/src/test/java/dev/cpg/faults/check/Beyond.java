package dev.cpg.faults.check;

import java.util.List;
import java.util.function.Consumer;

/**
 * Something just outside of an {@link Excuse}, which is a violation: a little too late,
 * of another node or member, or with another token.
 */
enum Beyond {

	KILLED_LONG_AFTER_IT_CAME(Excuse.MISSES_WHAT_CAME_WHEN_IT_DIED,
			(script) -> script.delay("injector", "died member=2:20 name=n2a#1", 6_100_000_000L)),

	ANOTHER_WAS_KILLED(Excuse.MISSES_WHAT_CAME_WHEN_IT_DIED,
			(script) -> script.replace("injector", "died member=2:20 name=n2a#1", "name=n2a#1", "name=n2b#1")),

	WENT_ON_LONG_BEFORE_IT_DIED(Excuse.IS_STOPPED_UNTIL_IT_DIES,
			(script) -> script.delay("injector", "fault kind=kill-member", 3_100_000_000L)),

	ANOTHER_WAS_STOPPED(Excuse.IS_STOPPED_UNTIL_IT_DIES,
			(script) -> script.replace("injector", "fault kind=pause-member", "n2a#1", "n3a#1")),

	ANOTHER_NODE_WAS_CUT_OFF(Excuse.IS_CUT_OFF_UNTIL_IT_DIES,
			(script) -> script.replace("injector", "fault kind=pause-daemon", "nodes=2", "nodes=3")),

	WAS_CUT_OFF_LONG_BEFORE(Excuse.IS_CUT_OFF_UNTIL_IT_DIES,
			(script) -> script.remove("injector", "fault kind=pause-daemon")
				.insert("injector", "over id=1", "fault kind=pause-daemon target=- nodes=2 id=8")
				.insert("injector", "over id=1", "over id=8")),

	WAS_ASKED_TO_END_AFTER_IT_CAME(Excuse.PROGRAM_WAS_ASKED_TO_END,
			(script) -> script.delay("injector", "ended name=n3c#1", 1_100_000_000L)),

	ANOTHER_WAS_ASKED_TO_END(Excuse.PROGRAM_WAS_ASKED_TO_END,
			(script) -> script.replace("injector", "ended name=n3c#1", "n3c#1", "n3c#2")),

	ASKED_FOR_ITS_LEAVE_AFTER_IT_CAME(Excuse.PROGRAM_WAITS_FOR_ITS_LEAVE,
			(script) -> script.delay("injector", "ended name=n3c#1", 1_100_000_000L)),

	ANOTHER_ASKED_FOR_ITS_LEAVE(Excuse.PROGRAM_WAITS_FOR_ITS_LEAVE,
			(script) -> script.replace("injector", "ended name=n3c#1", "n3c#1", "n3c#2")),

	LEFT_LONG_BEFORE(Excuse.PROGRAM_WAITS_FOR_ITS_LEAVE,
			(script) -> List.of("n1a#1", "n2a#2", "n3a#1")
				.forEach((process) -> script.insert("n3c#1", "left=2:20/PROCDOWN", "disconnected")
					.delay(process, "joined=2:21/JOIN", 8_100_000_000L))),

	PROGRAM_LACKS_A_MESSAGE_WITHOUT_A_TOKEN(Excuse.PROGRAM_READS_NO_TOKENS,
			(script) -> script.remove("n3c#1", "deliver from=1:10 id=n1a#1#2")),

	SERVICE_LACKS_A_MESSAGE_WITH_A_TOKEN(Excuse.PROGRAM_READS_NO_TOKENS,
			(script) -> script.remove("n3a#1", "id=n2a#2#1")),

	SENDER_IS_NOT_CUT_OFF(Excuse.IS_CUT_OFF, (script) -> script.remove("n1a#1", "deliver from=2:20 id=n2a#1#5")),

	RING_BROKE_LONG_AFTER(Excuse.LACKS_WHAT_DID_NOT_COME_BEFORE_THE_RING_BROKE,
			(script) -> script.delay("n1a#1", "conf ring=1:8 members=1:10,2:20", 1_100_000_000L)),

	NOT_THE_FIRST_OF_ITS_NODE(Excuse.COMES_BACK, (script) -> script.remove("n3a#1", "deliver from=2:20 id=n2a#1#8")),

	SENT_LONG_AFTER_THE_MERGE(Excuse.COMES_BACK, (script) -> script.delay("n2a#1", "send id=n2a#1#6", 3_100_000_000L)),

	SENDERS_NODE_DID_NOT_COME(Excuse.COMES_BACK,
			(script) -> script.replace("n3a#1", "conf ring=1:12 members=1:10,2:20,3:30,3:31", "2:20/NODEUP",
					"2:20/JOIN")),

	NOT_KILLED_BEFORE_IT_HAD_ITS_VIEW(Excuse.KILLED_BEFORE_IT_HAD_ITS_VIEW,
			(script) -> script.remove("injector", "died name=n2a#2")),

	KILLED_LONG_AFTER_OTHERS_HAD_ITS_VIEW(Excuse.KILLED_BEFORE_IT_HAD_ITS_VIEW,
			(script) -> script.delay("injector", "died name=n2a#2", 6_200_000_000L)),

	IN_VIEWS_LONG_AFTER_IT_WAS_KILLED(Excuse.KILLED_BEFORE_IT_HAD_ITS_VIEW,
			(script) -> List.of("n1a#1", "n3a#1", "n3c#1")
				.forEach((process) -> script.delay(process, "deliver from=3:30 id=n3a#1#7", 8_100_000_000L))),

	NONE_OF_ITS_NODE_WAS_KILLED(Excuse.KILLED_BEFORE_IT_WROTE,
			(script) -> script.replace("injector", "died name=n2a#2", "name=n2a#2", "name=n1b#1")
				.remove("injector", "ended name=n2a#2")),

	KILLED_LONG_AFTER_IT_MUST_HAVE_WRITTEN(Excuse.KILLED_BEFORE_IT_WROTE,
			(script) -> script.delay("injector", "died name=n2a#2", 6_200_000_000L)),

	NAMED_AS_ONE_THAT_HAS_ALL_FRAGMENTS(Excuse.JOINED_BETWEEN_FRAGMENTS,
			(script) -> script.replace("n3a#1", "outcome id=n3a#1#8", "1:10,", "1:10,2:21,")),

	JOINED_BEFORE_THE_FIRST_FRAGMENT(Excuse.JOINED_BETWEEN_FRAGMENTS,
			(script) -> script.remove("n3a#1", "send id=n3a#1#8")
				.insert("n3a#1", "deliver from=1:10 id=n1a#1#6", "send id=n3a#1#8 size=2000000")),

	NO_FRAGMENTS(Excuse.JOINED_BETWEEN_FRAGMENTS,
			(script) -> script.replace("n3a#1", "send id=n3a#1#8", "size=2000000", "size=1000000")),

	KNOWS_A_LARGER_TOKEN_TOO_LATE(Excuse.KNOWS_A_LARGER_TOKEN,
			(script) -> script.delay("n3a#1", "leader role=billing token=301", 1_100_000_000L)),

	KNOWS_NO_LARGER_TOKEN(Excuse.KNOWS_A_LARGER_TOKEN,
			(script) -> script.replace("n3a#1", "leader role=billing token=301", "token=301", "token=300")),

	KNOWS_A_LARGER_TOKEN_OF_ANOTHER_ROLE(Excuse.KNOWS_A_LARGER_TOKEN,
			(script) -> script.replace("n3a#1", "leader role=billing token=301", "billing", "reports")),

	NOTIFIED_LONG_AFTER_IT_WENT_ON(Excuse.PAUSED_LEADER,
			(script) -> script.delay("n1a#1", "revoked role=billing token=200", 2_100_000_000L)),

	ANOTHER_LEADER_WAS_PAUSED(Excuse.PAUSED_LEADER,
			(script) -> script.replace("injector", "fault kind=pause-member", "n1a#1", "n3a#1")),

	BUSY_LONG_BEFORE_THE_GRANT(Excuse.GRANTED_WHILE_BUSY,
			(script) -> script.replace("injector", "fault kind=slow-listener", "for=1000ms", "for=1ms")
				.delay("n1a#1", "quorum ring=1:8", 3_100_000_000L)),

	ANOTHER_WAS_BUSY(Excuse.GRANTED_WHILE_BUSY,
			(script) -> script.replace("injector", "fault kind=slow-listener", "n1a#1", "n2a#1")),

	REVOKED_LONG_AFTER_IT_WAS_BEHIND(Excuse.LEAVES_BEHIND_ITS_EVENTS,
			(script) -> script.delay("n1a#1", "revoking role=billing token=200", 3_100_000_000L)),

	ANOTHER_LEAVES(Excuse.LEAVES_BEHIND_ITS_EVENTS,
			(script) -> script.replace("injector", "fault kind=rejoin", "n1a#1", "n3a#1")),

	ANOTHER_NODE_IS_BEHIND(Excuse.LEAVES_BEHIND_ITS_EVENTS,
			(script) -> script.replace("injector", "fault kind=pause-daemon", "nodes=1", "nodes=3")),

	KILLED_LONG_AFTER_ITS_GRANT(Excuse.KILLED_BEFORE_ITS_GRANT,
			(script) -> script.delay("injector", "died member=2:20 name=n2a#1", 6_100_000_000L)),

	ONE_MORE_WITHOUT_A_FAULT(Excuse.NO_FAULT_BEFORE,
			(script) -> script.insert("n2a#1", "id=n2a#1#9", "granted role=billing token=200")),

	WROTE_AS_ONE_THAT_LEADS(Excuse.WROTE_AFTER_ITS_TIME,
			(script) -> script.replace("n1a#1", "write role=billing token=200", "checked=false", "checked=true")),

	REFUSED_WITH_THE_SAME_TOKEN(Excuse.WROTE_AFTER_ITS_TIME,
			(script) -> script.replace("n1a#1", "write role=billing token=200", "token=200", "token=300")),

	MORE_WRITES_THAN_WERE_KILLED(Excuse.WROTE_WHEN_IT_WAS_KILLED,
			(script) -> script.replace("n1a#1", "write role=billing token=200", "seq=3", "seq=4")),

	NOTHING_WAS_WRITTEN_BETWEEN(Excuse.WROTE_WHEN_IT_WAS_KILLED,
			(script) -> script.replace("n1a#1", "write role=billing token=200", "seq=3", "seq=2")),

	LEADS_FOR_LONGER_THAN_A_LEASE(Excuse.DAEMON_OF_THE_LEADER_STOPPED,
			(script) -> script.delay("n1a#1", "leads role=billing token=200 until=99000000000", 650_000_000L)),

	ANOTHER_DAEMON_STOPPED(Excuse.DAEMON_OF_THE_LEADER_STOPPED,
			(script) -> script.replace("injector", "fault kind=stop-daemon", "nodes=1", "nodes=3")),

	DAEMON_WAS_KILLED(Excuse.DAEMON_OF_THE_LEADER_STOPPED,
			(script) -> script.replace("injector", "fault kind=stop-daemon", "stop-daemon", "kill-daemon")),

	DAEMON_STOPPED_LONG_BEFORE(Excuse.DAEMON_OF_THE_LEADER_STOPPED,
			(script) -> script.delay("n3a#1", "leader role=billing token=250", 5_100_000_000L)
				.delay("n1a#1", "leads role=billing token=200 until=99000000000", 5_100_000_000L));

	private final Excuse excuse;

	@SuppressWarnings("ImmutableEnumChecker") // never changed
	private final Consumer<Script> change;

	Beyond(Excuse excuse, Consumer<Script> change) {
		this.excuse = excuse;
		this.change = change;
	}

	/** Returns the name of the check that has to find it. */
	String check() {
		return this.excuse.check();
	}

	/** Makes it otherwise than the excuse has it. */
	Script in(Script script) {
		this.excuse.in(script);
		this.change.accept(script);
		return script;
	}

}

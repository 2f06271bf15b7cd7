package dev.cpg.faults.check;

import java.util.List;
import java.util.function.Consumer;

/**
 * Something that is wrong in a history, and the check that has to find it.
 */
enum Breakage {

	PROCESS_ENDS_BY_ITSELF("ends", (script) -> script.remove("n3a#1", "end")),

	MESSAGE_TWICE("twice", (script) -> script.repeat("n2a#1", "id=n1a#1#2")),

	OTHER_CONTENT("contents", (script) -> script.replace("n2a#1", "id=n1a#1#2", "hash=", "hash=f")),

	OTHER_SENDER("contents", (script) -> script.replace("n2a#1", "id=n1a#1#2", "from=1:10", "from=2:20")),

	NEVER_SENT("contents", (script) -> script.remove("n1a#1", "send id=n1a#1#2")),

	SENDER_OVERTAKEN("sender-order", (script) -> script.swap("n2a#1", "id=n1a#1#2", "id=n1a#1#3")),

	MESSAGES_EXCHANGED("order", (script) -> script.swap("n2a#1", "id=n1a#1#2", "id=n3a#1#2")),

	MESSAGE_BEFORE_THE_VIEW("order", (script) -> script.swap("n1a#1", "joined=2:21/JOIN", "id=n3a#1#7")),

	VIEW_WITHOUT_ITSELF("views", (script) -> script.replace("n1a#1", "joined=2:20/JOIN", "members=1:10,", "members=")),

	VIEW_WITHOUT_A_CHANGE("views",
			(script) -> script.replace("n1a#1", "joined=2:20/JOIN", "joined=2:20/JOIN", "joined=")),

	MEMBERSHIP_WITHOUT_A_JOIN("views", (script) -> script.remove("n2a#2", "joined=2:21/JOIN")),

	RING_OF_OTHER_NODES("views",
			(script) -> script.replace("n2a#1", "totem ring=1:8 nodes=1,2", "nodes=1,2", "nodes=1,2,3")),

	MESSAGE_OF_A_STRANGER("views",
			(script) -> script.replace("n2a#1", "joined=3:30/JOIN", "members=1:10,2:20,3:30", "members=1:10,2:20")),

	MESSAGE_MISSING_IN_THE_MIDDLE("shared", (script) -> script.remove("n3c#1", "id=n1a#1#2")),

	DELIVERED_SEND_MISSING("delivered", (script) -> script.remove("n3a#1", "id=n1a#1#2")),

	LAST_MESSAGE_OF_A_KILLED_PROCESS_MISSING("shared", (script) -> script.remove("n3a#1", "id=n2a#1#9")),

	MESSAGE_AFTER_A_SEPARATION_MISSING("delivered", (script) -> script.remove("n1a#1", "id=n2a#1#3")),

	OWN_MESSAGE_MISSING("delivered", (script) -> script.remove("n2a#1", "deliver from=2:20 id=n2a#1#2")),

	OWN_MESSAGE_OF_A_KILLED_PROCESS_MISSING("delivered",
			(script) -> script.remove("n2a#1", "deliver from=2:20 id=n2a#1#7")),

	MESSAGE_MISSING_EVERYWHERE("delivered",
			(script) -> List.of("n1a#1", "n2a#1", "n3a#1", "n3c#1")
				.forEach((process) -> script.remove(process, "deliver from=1:10 id=n1a#1#2"))),

	VIEW_SKIPPED("delivered", (script) -> script.remove("n1a#1", "joined=2:21/JOIN").remove("n1a#1", "id=n2a#2#1")),

	LOST_SEND_DELIVERED("undelivered",
			(script) -> script.insert("n2a#1", "conf ring=1:12", "deliver from=1:10 id=n1a#1#5 hash=0")),

	FUTURE_WITHOUT_END("futures", (script) -> script.remove("n1a#1", "outcome id=n1a#1#2")),

	FUTURE_WITH_TWO_ENDS("futures", (script) -> script.repeat("n1a#1", "outcome id=n1a#1#2")),

	FUTURE_OPEN("futures", (script) -> script.replace("n1a#1", "open phase=end", "futures=0", "futures=1")),

	TWO_LEADERS("leads",
			(script) -> script.insert("n1a#1", "phase=end", "leads role=billing token=200 until=99000000000")),

	LEADS_WHEN_REVOKED("within-grants",
			(script) -> script.insert("n1a#1", "leader=none", "leads role=billing token=100 until=99000000000")),

	LEADS_WITHOUT_A_GRANT("within-grants", (script) -> script.remove("n1a#1", "granted role=billing token=200")),

	GRANT_WITHOUT_AN_ELECTION("grants", (script) -> script.remove("n1a#1", "token=200 leader=1:10")),

	GRANT_WITHOUT_QUORUM("grants",
			(script) -> script.replace("n1a#1", "quorum ring=1:8", "quorate=true", "quorate=false")),

	GRANT_WITHOUT_A_REVOCATION("grants", (script) -> script.remove("n1a#1", "revoked role=billing token=100")),

	REVOCATION_TOO_LATE("revocations",
			(script) -> script.remove("n1a#1", "revoking role=billing token=200")
				.delay("n1a#1", "revoked role=billing token=200", 2_500_000_000L)),

	REVOCATION_WITHOUT_A_GRANT("grants", (script) -> script.repeat("n1a#1", "revoked role=billing token=100")),

	GRANTED_AT_THE_END("grants", (script) -> script.remove("n2a#2", "revoked role=billing token=300")),

	TOKEN_FALLS("tokens", (script) -> script.replace("n2a#1", "token=200 leader=1:10", "token=200", "token=99")),

	TOKEN_OF_TWO("tokens", (script) -> script.replace("n2a#1", "token=200 leader=1:10", "leader=1:10", "leader=2:20")),

	TOKEN_GRANTED_TWICE("tokens", (script) -> script.insert("n2a#2", "end", "granted role=billing token=200")),

	LEADER_MISSED("successions", (script) -> script.remove("n1a#1", "token=250 leader=3:30")),

	NOBODY_LEADS_AFTER_A_HEAL("heals", (script) -> {
		for (int i = 0; i < 3; i++) {
			script.remove("n1a#1", "leads role=billing token=200");
		}
	}),

	REFUSED_LEADER_ASKED_TOO_LATE("register",
			(script) -> script.replace("n1a#1", "write role=billing token=200", "checked=false", "checked=true")),

	STALE_MESSAGE("stale-messages",
			(script) -> script.insert("n3a#1", "id=n2a#2#1", "leader role=billing token=400 leader=1:10")),

	REGISTER_FALLS("register",
			(script) -> script.replace("n1a#1", "write role=billing token=200", "accepted=false", "accepted=true")),

	REGISTER_REFUSES_THE_LEADER("register",
			(script) -> script.replace("n2a#2", "write role=billing token=300", "accepted=true", "accepted=false")),

	NO_COMMON_LEADER("agreement", (script) -> script.delay("n3a#1", "token=300 leader=2:21", 11_000_000_000L)),

	NO_COMMON_VIEW("agreement", (script) -> script.delay("n3a#1", "joined=2:21/JOIN", 11_000_000_000L)),

	TOO_MANY_GRANTS("grant-count", (script) -> {
		for (int i = 0; i < 60; i++) {
			script.insert("n2a#1", "id=n2a#1#9", "granted role=billing token=200");
		}
	}),

	MORE_THREADS("growth", (script) -> script.replace("n1a#1", "open phase=end", "threads=21", "threads=24")),

	MORE_DESCRIPTORS("growth",
			(script) -> script.replace("n1a#1", "open phase=end", "descriptors=42", "descriptors=44")),

	MORE_MEMORY("growth", (script) -> script.replace("n1a#1", "open phase=end", "heap=12000000", "heap=15000000"));

	private final String check;

	@SuppressWarnings("ImmutableEnumChecker") // never changed
	private final Consumer<Script> change;

	Breakage(String check, Consumer<Script> change) {
		this.check = check;
		this.change = change;
	}

	/** Returns the name of the check that has to find it. */
	String check() {
		return this.check;
	}

	/** Breaks a script. */
	Script in(Script script) {
		this.change.accept(script);
		return script;
	}

}

package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.History;

/**
 * Writes the histories that members of a group would write, each event to all whom it
 * concerns. Tests break the lines then.
 */
final class Script {

	private static final String ROLE = "role=billing";

	private final Map<String, List<String>> lines = new LinkedHashMap<>();

	private final Map<String, String> addresses = new TreeMap<>();

	/** The members in each side's view. */
	private final Map<String, String> rings = new TreeMap<>();

	private final Map<String, Integer> numbers = new TreeMap<>();

	private long time = 1_000_000_000L;

	private int seq;

	/** A round in which there was a bit of everything, as it should be. */
	static Script good(int messages) {
		return good(messages, false);
	}

	/** The same, and a member joins on a node that has just come back. */
	static Script goodWithJoiner(int messages) {
		return good(messages, true);
	}

	private static Script good(int messages, boolean joiner) {
		Script script = new Script();
		script.line("injector", "round nodes=3");
		script.start("n1a#1", "1:10", "1:4");
		script.start("n2a#1", "2:20", "1:4");
		script.start("n3a#1", "3:30", "1:4");
		script.start("n3c#1", "3:31", "1:4");
		script.leader("n1a#1", 100, "n1a#1", "n2a#1", "n3a#1");
		script.line("injector", "calm");
		script.line("injector", "agreed");
		for (int i = 0; i < messages; i++) {
			script.send((i % 3 == 0) ? "n1a#1" : (i % 3 == 1) ? "n2a#1" : "n3a#1", "delivered", "n1a#1", "n2a#1",
					"n3a#1", "n3c#1");
		}
		script.write("n1a#1", 100, true);
		script.time += 2_000_000_000L;
		script.line("injector", "fault kind=cut nodes=3 id=1");
		// Node 3 is cut off: what it has just sent comes back to it alone.
		script.send("n3a#1", "delivered", "n3a#1", "n3c#1");
		script.send("n2a#1", "delivered", "n1a#1", "n2a#1");
		script.revoke("n1a#1", 100, "LEASE", "n1a#1", "n2a#1");
		script.ring("1:8", "1,2", true, "left=3:30/NODEDOWN,3:31/NODEDOWN joined=", "n1a#1", "n2a#1");
		script.ring("3:8", "3", false, "left=1:10/NODEDOWN,2:20/NODEDOWN joined=", "n3a#1", "n3c#1");
		script.line("n3a#1", "leader role=billing token=0 leader=none why=INQUORATE");
		script.leader("n1a#1", 200, "n1a#1", "n2a#1");
		script.send("n3a#1", "delivered", "n3a#1", "n3c#1");
		script.send("n1a#1", "notdelivered");
		script.line("injector", "over id=1");
		script.merge("1:12");
		// The first message after the merge has not come to those who were away.
		if (joiner) {
			script.start("n3b#1", "3:32", "1:12");
		}
		script.send("n2a#1", "delivered", "n1a#1", "n2a#1");
		if (joiner) {
			for (int i = 0; i < 3; i++) {
				script.send("n2a#1", "delivered", "n1a#1", "n2a#1", "n3a#1", "n3b#1", "n3c#1");
			}
			script.line("injector", "ended name=n3b#1");
			script.leave("n3b#1", "LEAVE");
			script.line("n3b#1", "disconnected");
			script.line("n3b#1", "end");
		}
		script.send("n2a#1", "delivered", "n1a#1", "n2a#1", "n3a#1", "n3c#1");
		script.send("n2a#1", "delivered", "n1a#1", "n2a#1", "n3a#1", "n3c#1");
		script.line("n3a#1", "leader role=billing token=200 leader=1:10");
		script.leads("n1a#1", 200);
		script.time += 12_000_000_000L;
		script.send("n2a#1", "delivered", "n1a#1", "n2a#1", "n3a#1", "n3c#1");
		script.line("injector", "fault kind=kill-member target=n2a#1 nodes= id=2");
		script.line("n2a#1", "send id=n2a#1#9999 size=10");
		script.line("injector", "died member=2:20 name=n2a#1");
		script.leave("n2a#1", "PROCDOWN");
		script.send("n3a#1", "delivered", "n1a#1", "n3a#1", "n3c#1");
		script.start("n2a#2", "2:21", "1:12");
		script.line("n2a#2", "leader role=billing token=200 leader=1:10");
		script.line("injector", "over id=2");
		script.revoke("n1a#1", 200, "YIELD", "n1a#1", "n2a#2", "n3a#1");
		script.leader("n3a#1", 250, "n1a#1", "n2a#2", "n3a#1");
		script.revoke("n3a#1", 250, "YIELD", "n1a#1", "n2a#2", "n3a#1");
		script.leader("n2a#2", 300, "n1a#1", "n2a#2", "n3a#1");
		script.stamped("n2a#2", 300, "n1a#1", "n2a#2", "n3a#1");
		script.write("n2a#2", 300, true);
		script.write("n1a#1", 200, false);
		script.line("injector", "calm");
		script.line("injector", "agreed");
		for (String process : List.of("n1a#1", "n2a#2", "n3a#1")) {
			script.send(process, "delivered", "n1a#1", "n2a#2", "n3a#1", "n3c#1");
		}
		for (String process : List.of("n1a#1", "n3a#1", "n2a#2")) {
			script.line(process,
					"open phase=end futures=0 threads=21 descriptors=42 heap=12000000 names=main:1,cpg-#:10");
			if (process.equals("n2a#2")) {
				script.revoke("n2a#2", 300, "STOPPED", "n2a#2");
			}
			script.line("injector", "ended name=" + process);
			script.leave(process, "LEAVE");
			script.line(process, "disconnected");
			script.line(process, "end");
		}
		return script;
	}

	private long tick() {
		this.time += 1_000_000;
		return this.time;
	}

	private void line(String process, String text) {
		this.lines.computeIfAbsent(process, (name) -> new ArrayList<>()).add(tick() + " " + text);
	}

	private void start(String process, String address, String ring) {
		this.addresses.put(process, address);
		this.rings.put(process, ring);
		line(process, "start member=" + address + " name=" + process);
		line(process, "connected");
		conf(ring, "left= joined=" + address + "/JOIN");
		line(process, "totem ring=" + ring + " nodes=1,2,3");
		line(process, "quorum ring=" + ring + " quorate=true nodes=1,2,3");
		if (!process.startsWith("n3c")) {
			line(process, "open phase=begin futures=0 threads=20 descriptors=40 heap=10000000 names=main:1,cpg-#:9");
		}
	}

	private void leave(String process, String reason) {
		String ring = this.rings.remove(process);
		conf(String.valueOf(ring), "left=" + this.addresses.get(process) + "/" + reason + " joined=");
	}

	private void conf(String ring, String change) {
		this.rings.forEach((process, its) -> {
			if (its.equals(ring)) {
				line(process, "conf ring=%s members=%s %s".formatted(ring, members(ring), change));
			}
		});
	}

	private String members(String ring) {
		return this.rings.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(ring))
			.map((entry) -> this.addresses.get(entry.getKey()))
			.sorted()
			.collect(Collectors.joining(","));
	}

	private void ring(String ring, String nodes, boolean quorate, String change, String... processes) {
		List.of(processes).forEach((process) -> this.rings.put(process, ring));
		conf(ring, change);
		for (String process : processes) {
			line(process, "totem ring=%s nodes=%s".formatted(ring, nodes));
			line(process, "quorum ring=%s quorate=%s nodes=%s".formatted(ring, quorate, nodes));
		}
	}

	private void merge(String ring) {
		Map<String, String> before = new TreeMap<>(this.rings);
		this.rings.replaceAll((process, its) -> ring);
		before.forEach((process, its) -> {
			String joined = new TreeSet<>(before.keySet()).stream()
				.filter((other) -> !its.equals(before.get(other)))
				.map((other) -> this.addresses.get(other) + "/NODEUP")
				.collect(Collectors.joining(","));
			line(process, "conf ring=%s members=%s left= joined=%s".formatted(ring, members(ring), joined));
			line(process, "totem ring=%s nodes=1,2,3".formatted(ring));
			line(process, "quorum ring=%s quorate=true nodes=1,2,3".formatted(ring));
		});
	}

	private void send(String process, String outcome, String... recipients) {
		String id = process + "#" + this.numbers.merge(process, 1, Integer::sum);
		String ring = String.valueOf(this.rings.get(process));
		line(process, "send id=%s size=100".formatted(id));
		for (String recipient : recipients) {
			line(recipient, "deliver from=%s id=%s size=100 hash=%08x".formatted(this.addresses.get(process), id,
					id.hashCode()));
		}
		line(process, outcome.equals("delivered") ? "outcome id=%s is=delivered ring=%s view=%s quorate=%s"
			.formatted(id, ring, members(ring), !ring.equals("3:8")) : "outcome id=%s is=%s".formatted(id, outcome));
	}

	private void stamped(String process, long token, String... recipients) {
		String id = process + "#" + this.numbers.merge(process, 1, Integer::sum);
		String stamp = " " + ROLE + " token=" + token;
		line(process, "send id=" + id + " size=100" + stamp);
		for (String recipient : recipients) {
			line(recipient, "deliver from=" + this.addresses.get(process) + " id=" + id + " size=100 hash=0" + stamp);
		}
		line(process, "outcome id=" + id + " is=delivered ring=1:12 view=" + members("1:12") + " quorate=true");
	}

	private void leader(String process, long token, String... notified) {
		for (String each : notified) {
			line(each, "leader %s token=%d leader=%s".formatted(ROLE, token, this.addresses.get(process)));
		}
		line(process, "granted %s token=%d".formatted(ROLE, token));
		leads(process, token);
		leads(process, token);
	}

	private void leads(String process, long token) {
		line(process, "leads %s token=%d until=%d".formatted(ROLE, token, this.time + 1_500_000));
	}

	private void revoke(String process, long token, String reason, String... notified) {
		leads(process, token);
		tick();
		line(process, "revoking %s token=%d".formatted(ROLE, token));
		line(process, "revoked %s token=%d reason=%s".formatted(ROLE, token, reason));
		for (String each : notified) {
			line(each, "leader %s token=0 leader=none why=ELECTING".formatted(ROLE));
		}
	}

	private void write(String process, long token, boolean accepted) {
		tick();
		line(process, "write %s token=%d seq=%d asked=%d checked=%s accepted=%s".formatted(ROLE, token, ++this.seq,
				this.time, accepted, accepted));
	}

	/** Replaces the first line of a process that has a text. */
	Script replace(String process, String has, String text, String by) {
		List<String> its = lines(process);
		int at = find(process, has);
		String before = its.get(at);
		String after = before.replace(text, by);
		if (after.equals(before)) {
			throw new IllegalArgumentException("There is no " + text + " in " + before);
		}
		its.set(at, after);
		return this;
	}

	/** Removes the first line of a process that has a text. */
	Script remove(String process, String has) {
		lines(process).remove(find(process, has));
		return this;
	}

	/** Lets a process write nothing more, from the first line that has a text. */
	Script cut(String process, String has) {
		List<String> its = lines(process);
		its.subList(find(process, has), its.size()).clear();
		return this;
	}

	/** Writes a line once more. */
	Script repeat(String process, String has) {
		int at = find(process, has);
		lines(process).add(at + 1, lines(process).get(at));
		return this;
	}

	/** Writes a line before the first one that has a text, at that time. */
	Script insert(String process, String has, String text) {
		int at = find(process, has);
		String before = lines(process).get(at);
		lines(process).add(at, before.substring(0, before.indexOf(' ') + 1) + text);
		return this;
	}

	/** Exchanges two lines. */
	Script swap(String process, String one, String other) {
		List<String> its = lines(process);
		int first = find(process, one);
		int second = find(process, other);
		String text = its.get(first);
		its.set(first, its.get(second));
		its.set(second, text);
		return this;
	}

	/** Lets all of a process happen later. */
	Script delay(String process, String from, long nanos) {
		List<String> its = lines(process);
		for (int i = find(process, from); i < its.size(); i++) {
			String line = its.get(i);
			int blank = line.indexOf(' ');
			its.set(i, (Long.parseLong(line.substring(0, blank)) + nanos) + line.substring(blank));
		}
		return this;
	}

	private List<String> lines(String process) {
		return this.lines.getOrDefault(process, List.of());
	}

	private int find(String process, String has) {
		List<String> its = lines(process);
		for (int i = 0; i < its.size(); i++) {
			if ((its.get(i) + " ").contains(" " + has + " ")) {
				return i;
			}
		}
		throw new IllegalArgumentException(process + " has no line with " + has + " in " + its);
	}

	List<History> histories() {
		return this.lines.entrySet().stream().map((its) -> new History(its.getKey(), entries(its.getValue()))).toList();
	}

	private static List<Entry> entries(List<String> lines) {
		List<Entry> entries = new ArrayList<>();
		lines.forEach((line) -> entries.add(Entry.read(line, entries.size() + 1)));
		return entries;
	}

}

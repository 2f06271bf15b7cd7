package dev.cpg.test;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The text of {@code corosync.conf}, the same for every node.
 *
 * @param nodes the number of nodes
 * @param token time after which the token counts as lost
 * @param transport the transport between the nodes
 * @param quorumProvider whether there is one
 * @param votes the votes of nodes that have another number than one
 * @param settings further settings by dotted name, which override those made here
 * @see <a href=
 * "https://manpages.debian.org/bookworm/corosync/corosync.conf.5.en.html">corosync.conf(5)</a>
 */
record ClusterConfiguration(int nodes, Duration token, CorosyncCluster.Transport transport, boolean quorumProvider,
		Map<Integer, Integer> votes, Map<String, String> settings) {

	/** Whether each node has one vote, and more than half of the nodes are quorate. */
	boolean isDecidedByMajority() {
		return this.quorumProvider && this.votes.isEmpty()
				&& this.settings.keySet().stream().noneMatch((name) -> name.startsWith("quorum."));
	}

	/** How many votes there are, unless a setting says otherwise. */
	int expectedVotes() {
		String set = this.settings.get("quorum.expected_votes");
		return (set != null) ? Integer.parseInt(set)
				: IntStream.rangeClosed(1, this.nodes).map((node) -> this.votes.getOrDefault(node, 1)).sum();
	}

	String text() {
		SortedMap<String, SortedMap<String, String>> sections = new TreeMap<>();
		put(sections, "totem.version", "2");
		put(sections, "totem.cluster_name", "cpg-test");
		put(sections, "totem.transport", this.transport.name().toLowerCase(Locale.ROOT));
		put(sections, "totem.token", Long.toString(this.token.toMillis()));
		// Some builds of corosync encrypt by default, some always.
		put(sections, "totem.keyfile", "/var/lib/corosync/" + ClusterKey.FILE_NAME);
		if (this.quorumProvider) {
			put(sections, "quorum.provider", "corosync_votequorum");
		}
		put(sections, "logging.to_stderr", "yes");
		put(sections, "logging.to_syslog", "no");
		put(sections, "logging.timestamp", "hires");
		// Without root there is little locked memory and no other control group.
		put(sections, "system.allow_knet_handle_fallback", "yes");
		put(sections, "system.move_to_root_cgroup", "no");
		this.settings.forEach((name, value) -> put(sections, name, value));

		StringBuilder text = new StringBuilder();
		sections.forEach((section, entries) -> append(text, section, entries));
		text.append("nodelist {\n");
		for (int node = 1; node <= this.nodes; node++) {
			SortedMap<String, String> entries = new TreeMap<>(
					Map.of("ring0_addr", "10.77.0." + node, "nodeid", Integer.toString(node), "name", "node" + node));
			if (this.votes.containsKey(node)) {
				entries.put("quorum_votes", this.votes.get(node).toString());
			}
			append(text, "node", entries);
		}
		return text.append("}\n").toString();
	}

	private static void put(Map<String, SortedMap<String, String>> sections, String name, String value) {
		int dot = name.indexOf('.');
		sections.computeIfAbsent(name.substring(0, dot), (section) -> new TreeMap<>())
			.put(name.substring(dot + 1), value);
	}

	private static void append(StringBuilder text, String section, SortedMap<String, String> entries) {
		text.append(section).append(" {\n");
		entries.forEach((key, value) -> text.append('\t').append(key).append(": ").append(value).append('\n'));
		text.append("}\n");
	}

}

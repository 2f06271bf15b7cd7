package dev.cpg.benchmarks;

import java.util.List;

import dev.cpg.test.CorosyncNode;

/**
 * What {@code scripts/bench peers} compares.
 */
enum PeersSide {

	/** The C library that comes with Corosync. */
	LIBCPG("libcpg", true) {

		@Override
		Peer start(CorosyncNode node, List<String> addresses) {
			return Peer.libcpg(node);
		}

	},

	/** Ours, in Java. */
	OURS("ours", false) {

		@Override
		Peer start(CorosyncNode node, List<String> addresses) {
			return Peer.ours(node);
		}

	},

	/** Ours with batches of the default size. */
	BATCHES("ours-batches", false) {

		@Override
		Peer start(CorosyncNode node, List<String> addresses) {
			return Peer.ours(node, Integer.toString(BATCH_SIZE));
		}

	},

	/** JGroups in total order over its stack on TCP. */
	JGROUPS_TCP("jgroups-tcp", false) {

		@Override
		Peer start(CorosyncNode node, List<String> addresses) {
			return Peer.jGroups(node, "tcp.xml", 7800, addresses);
		}

	},

	/** JGroups in total order over its stack on UDP and IP multicast. */
	JGROUPS_UDP("jgroups-udp", false) {

		@Override
		Peer start(CorosyncNode node, List<String> addresses) {
			return Peer.jGroups(node, "udp.xml", 7800, addresses);
		}

	},

	/**
	 * JGroups from one member to one other, over its stack on TCP: no agreement on any
	 * order, for reference.
	 */
	JGROUPS_UNICAST("jgroups-unicast", false) {

		@Override
		Peer start(CorosyncNode node, List<String> addresses) {
			return Peer.jGroups(node, "tcp.xml", 8800, addresses, JGroupsPeer.UNICAST);
		}

	};

	/** The default of {@code cpg.batching.max-size}. */
	private static final int BATCH_SIZE = 64 * 1024;

	private final String label;

	private final boolean compiled;

	PeersSide(String label, boolean compiled) {
		this.label = label;
		this.compiled = compiled;
	}

	/**
	 * Starts a member on a node.
	 * @param addresses the addresses of all nodes, for those that need them
	 */
	abstract Peer start(CorosyncNode node, List<String> addresses);

	boolean isJGroups() {
		return this == JGROUPS_TCP || this == JGROUPS_UDP || this == JGROUPS_UNICAST;
	}

	/** Whether all members get all messages, in one order. */
	boolean isOrdered() {
		return this != JGROUPS_UNICAST;
	}

	/** Whether its first message is as fast as any. */
	boolean isCompiled() {
		return this.compiled;
	}

	@Override
	public String toString() {
		return this.label;
	}

}

package dev.cpg.benchmarks;

import dev.cpg.test.CorosyncNode;

/**
 * What {@code scripts/bench peers} compares.
 */
enum PeersSide {

	/** The C library that comes with Corosync. */
	LIBCPG("libcpg", true) {

		@Override
		Peer start(CorosyncNode node, String hosts) {
			return Peer.libcpg(node);
		}

	},

	/** Ours, in Java. */
	OURS("ours", false) {

		@Override
		Peer start(CorosyncNode node, String hosts) {
			return Peer.ours(node);
		}

	},

	/** Ours with batches of the default size. */
	BATCHES("ours-batches", false) {

		@Override
		Peer start(CorosyncNode node, String hosts) {
			return Peer.ours(node, Integer.toString(BATCH_SIZE));
		}

	},

	/** JGroups in total order over its stack on TCP. */
	JGROUPS_TCP("jgroups-tcp", false) {

		@Override
		Peer start(CorosyncNode node, String hosts) {
			return Peer.jGroups(node, "tcp.xml", hosts);
		}

	},

	/** JGroups in total order over its stack on UDP and IP multicast. */
	JGROUPS_UDP("jgroups-udp", false) {

		@Override
		Peer start(CorosyncNode node, String hosts) {
			return Peer.jGroups(node, "udp.xml", hosts);
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
	 * @param hosts the addresses and ports of all members, for those that need them
	 */
	abstract Peer start(CorosyncNode node, String hosts);

	boolean isJGroups() {
		return this == JGROUPS_TCP || this == JGROUPS_UDP;
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

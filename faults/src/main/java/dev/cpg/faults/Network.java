package dev.cpg.faults;

import java.util.Set;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import org.jspecify.annotations.Nullable;

/**
 * The faults of the network between the nodes, one after the other: a new one ends the
 * one before.
 */
final class Network {

	/**
	 * How long a flapping link is down or up: around the times after which totem counts
	 * the token as lost, a node as gone.
	 */
	private static final long[] FLAPS = { 200, 700, 1000, 1300, 2000, 2400 };

	private final CorosyncCluster cluster;

	private final Journal journal;

	private final Agenda agenda;

	/** The id of the present fault. */
	private @Nullable Integer present;

	Network(CorosyncCluster cluster, Journal journal, Agenda agenda) {
		this.cluster = cluster;
		this.journal = journal;
		this.agenda = agenda;
	}

	void begin(PlannedFault fault) {
		end(this.present);
		int id = this.journal.fault(fault.kind(), "-", nodes(fault), fault.millis());
		this.present = id;
		switch (fault.kind()) {
			case CUT -> this.cluster.partition(fault.others());
			case CUT_ONE_WAY -> fault.others().forEach((other) -> this.cluster.cut(fault.node(), other));
			case CUT_FLAPPING -> flap(fault, id);
			default -> throw new IllegalArgumentException("Not of the network: " + fault);
		}
		this.agenda.in(fault.millis(), () -> end(id));
	}

	private static Set<Integer> nodes(PlannedFault fault) {
		return (fault.kind() == FaultKind.CUT) ? fault.others() : Set.of(fault.node());
	}

	private void flap(PlannedFault fault, Integer id) {
		if (!id.equals(this.present)) {
			return;
		}
		CorosyncNode node = this.cluster.node(fault.node());
		if (node.isCut()) {
			node.heal();
		}
		else {
			node.cut();
		}
		this.agenda.in(FLAPS[fault.choice() % FLAPS.length], () -> flap(fault, id));
	}

	private void end(@Nullable Integer fault) {
		if (fault != null && fault.equals(this.present)) {
			this.present = null;
			this.cluster.heal();
			this.journal.over(fault);
		}
	}

}

package dev.cpg.client.internal.cpg.membership;

import java.io.Serial;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * A node has as many members of a group as corosync survives.
 */
final class NodeFullException extends CorosyncException {

	@Serial
	private static final long serialVersionUID = 1L;

	NodeFullException(@Nullable CpgGroupName group, int members) {
		super(CsError.NO_RESOURCES,
				("This node has %d members of the group %s, and no more than %d are safe: when a node with more dies or is"
						+ " cut off, corosync on all other nodes corrupts its memory. Run fewer members on this node,"
						+ " or spread them over several groups")
					.formatted(members, group, CpgView.MAX_MEMBERS_OF_NODE));
	}

}

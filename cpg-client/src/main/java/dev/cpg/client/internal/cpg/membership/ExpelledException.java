package dev.cpg.client.internal.cpg.membership;

import java.io.Serial;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;

/**
 * Corosync counts this member as gone, though it did not leave.
 */
public final class ExpelledException extends CorosyncException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param reason the daemon's reason for the leave
	 * @param setting how the setting of the member id is called
	 */
	public ExpelledException(CpgAddress member, CpgGroupName group, CpgReason reason, String setting) {
		super(CsError.NOT_EXIST,
				"Corosync counts this member, %s, as gone from the group '%s': %s; the connection was closed, join again"
					.formatted(member, group, explain(reason, setting)),
				(reason == CpgReason.LEAVE) ? CorosyncSetting.MEMBER_ID : null, null);
	}

	/** A leave and the end of a connection take out whoever has the member id. */
	private static String explain(CpgReason reason, String setting) {
		return switch (reason) {
			case LEAVE -> "another program of this node left the group with this member's id. Look for the program"
					+ " (corosync-cpgtool shows the members with their ids), and if it needs the id, set another one"
					+ " here (" + setting + ")";
			case PROCDOWN -> "an earlier connection with this member's id ended late, and took it along";
			default -> "it gave the reason " + reason;
		};
	}

}

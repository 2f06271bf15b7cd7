package dev.cpg.client.internal.cpg.membership;

import java.io.Serial;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CsError;

/**
 * Another connection on this node is in the group under the same member id.
 */
public final class MemberIdTakenException extends CorosyncException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param setting how the setting of the member id is called
	 */
	MemberIdTakenException(CpgAddress address, CpgGroupName group, String setting) {
		super(CsError.EXIST,
				("Another connection on this node is the member %s of the group %s: one of this process, or one of"
						+ " another process with the same number, as containers often have. Set another one for each (%s),"
						+ " or remove that setting: without it a free number is taken")
					.formatted(address, group, setting),
				CorosyncSetting.MEMBER_ID, null);
	}

}

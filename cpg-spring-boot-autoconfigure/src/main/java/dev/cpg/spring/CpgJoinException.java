package dev.cpg.spring;

import java.io.Serial;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;

/**
 * A membership that fails fast had a connection but did not join its group, or was not
 * through with both within the join timeout. The {@linkplain #getCause() cause} says why.
 */
public final class CpgJoinException extends CorosyncException {

	@Serial
	private static final long serialVersionUID = 1L;

	CpgJoinException(CpgGroupName group, CorosyncException cause) {
		super(cause.error(), "Group '%s' could not be joined".formatted(group), cause.setting(), cause);
	}

}

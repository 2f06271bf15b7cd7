package dev.cpg.spring;

import java.io.Serial;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;

/**
 * Thrown by the start of a membership that fails fast: it was connected but could not
 * join its group, or did not connect and join within the join timeout. The
 * {@linkplain #getCause() cause} says why.
 */
public final class CpgJoinException extends CorosyncException {

	@Serial
	private static final long serialVersionUID = 1L;

	CpgJoinException(CpgGroupName group, CorosyncException cause) {
		super(cause.error(), "Group '%s' could not be joined".formatted(group), cause.setting(), cause);
	}

}

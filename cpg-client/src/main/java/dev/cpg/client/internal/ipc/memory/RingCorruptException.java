package dev.cpg.client.internal.ipc.memory;

import java.io.IOException;
import java.io.Serial;

/**
 * What the daemon left in shared memory is not a ring of libqb's.
 */
public final class RingCorruptException extends IOException {

	@Serial
	private static final long serialVersionUID = 1L;

	RingCorruptException(String message) {
		super(message);
	}

}

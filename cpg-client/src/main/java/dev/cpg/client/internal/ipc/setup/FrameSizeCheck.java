package dev.cpg.client.internal.ipc.setup;

import java.io.IOException;

/**
 * Refuses a daemon that grants less than a service needs.
 *
 * @param least the least size of the largest frame, in bytes
 */
record FrameSizeCheck(int least) {

	void require(int frameSize) throws IOException {
		if (frameSize < this.least) {
			throw new IOException(
					"it grants frames of %d bytes, which have no room for what the service needs".formatted(frameSize));
		}
	}

}

package dev.cpg.client;

import java.nio.ByteBuffer;

/**
 * A message in several buffers, whose positions stay as they are.
 */
final class MessageParts {

	private static final int CHUNK = 8192;

	private MessageParts() {
	}

	/**
	 * Returns the length of all parts together. What no engine could send, as it is no
	 * {@code int}, is the largest one, which none sends either.
	 */
	static int length(ByteBuffer... parts) {
		long length = 0;
		for (ByteBuffer part : parts) {
			length += part.remaining();
		}
		return (int) Math.min(length, Integer.MAX_VALUE);
	}

	static CpgMessageWriter writer(ByteBuffer... parts) {
		return (target) -> {
			for (ByteBuffer part : parts) {
				write(part, target);
			}
		};
	}

	private static void write(ByteBuffer part, CpgMessageWriter.Target target) {
		if (part.hasArray()) {
			target.put(part.array(), part.arrayOffset() + part.position(), part.remaining());
			return;
		}
		byte[] chunk = new byte[Math.min(part.remaining(), CHUNK)];
		for (int position = part.position(); position < part.limit(); position += chunk.length) {
			int length = Math.min(chunk.length, part.limit() - position);
			part.get(position, chunk, 0, length);
			target.put(chunk, 0, length);
		}
	}

}

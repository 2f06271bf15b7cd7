package dev.cpg.client.internal.ipc.memory;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;

/**
 * What every frame begins with, whichever service it belongs to: libqb's
 * {@code qb_ipc_request_header} and {@code qb_ipc_response_header}.
 *
 * <pre>
 * request           id @0, size @8                16 bytes
 * response, event   id @0, size @8, error @16     24 bytes
 * </pre>
 */
public final class FrameHeader {

	/** The length of a request's header. */
	public static final int REQUEST = 16;

	/** The length of the header of a response or an event. */
	public static final int RESPONSE = 24;

	private static final int ID = 0;

	private static final int SIZE = 8;

	private static final int ERROR = 16;

	private FrameHeader() {
	}

	/**
	 * Writes a request's header.
	 * @param size the length of the whole request
	 */
	public static void write(FrameWriter frame, int id, int size) {
		frame.putLong(ID, id);
		frame.putLong(SIZE, size);
	}

	/** Returns which kind of response or event a frame is. */
	public static int id(FrameReader frame) {
		require(frame, RESPONSE);
		return frame.getInt(ID);
	}

	/** Returns the length that a frame claims to have. */
	public static int size(FrameReader frame) {
		require(frame, RESPONSE);
		return frame.getInt(SIZE);
	}

	/** Returns a response's error as its number. */
	public static int error(FrameReader frame) {
		require(frame, RESPONSE);
		return frame.getInt(ERROR);
	}

	/**
	 * Requires a frame to have as many bytes as are read of it.
	 * @throws CorosyncException with {@link CsError#MESSAGE_ERROR} if it has fewer
	 */
	public static void require(FrameReader frame, int length) {
		if (frame.length() < length) {
			throw malformed("%d bytes where at least %d are due".formatted(frame.length(), length));
		}
	}

	/** Returns the error for a frame that contradicts itself. */
	public static CorosyncException malformed(String what) {
		return new CorosyncException(CsError.MESSAGE_ERROR, "The daemon sent " + what);
	}

}

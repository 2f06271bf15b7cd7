package dev.cpg.client.internal.cmap;

import java.nio.charset.StandardCharsets;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;

/**
 * The messages of corosync's cmap service. Offsets are bytes.
 *
 * <pre>
 * get               key length @16, key in 256 bytes @24, room for the value @280
 *                                                            288 bytes
 * its response      value length @24, type @32, value @40
 * </pre>
 */
final class CmapProtocol {

	static final int GET = 2;

	private static final int GET_RESPONSE = 2;

	private static final int GET_LENGTH = 288;

	static final IpcService SERVICE = new IpcService("cmap", GET_LENGTH);

	private static final int KEY_LENGTH = 16;

	private static final int KEY = 24;

	private static final int KEY_BYTES = 256;

	private static final int VALUE_ROOM = 280;

	/** The longest value that is asked for, in bytes. */
	private static final int MAX_VALUE = 4096;

	private static final int VALUE_LENGTH = 24;

	private static final int TYPE = 32;

	private static final int VALUE = 40;

	private static final int TYPE_UINT8 = 2;

	private static final int TYPE_UINT32 = 6;

	private static final int TYPE_STRING = 11;

	private CmapProtocol() {
	}

	/**
	 * Asks for the value of a key.
	 * @throws CorosyncException with {@link CsError#NAME_TOO_LONG} if no key is as long
	 */
	static Request<CmapValue> get(String key) {
		byte[] name = key.getBytes(StandardCharsets.US_ASCII);
		if (name.length >= KEY_BYTES) {
			throw new CorosyncException(CsError.NAME_TOO_LONG,
					"A key of the configuration map has at most %d bytes, and %s has %d".formatted(KEY_BYTES - 1, key,
							name.length));
		}
		return new Request<>("read the key " + key, GET_LENGTH, (frame) -> writeGet(frame, name), GET_RESPONSE,
				CmapProtocol::readValue);
	}

	private static void writeGet(FrameWriter frame, byte[] name) {
		byte[] padded = new byte[KEY_BYTES];
		System.arraycopy(name, 0, padded, 0, name.length);
		FrameHeader.write(frame, GET, GET_LENGTH);
		frame.putLong(KEY_LENGTH, name.length);
		frame.putBytes(KEY, padded, 0, padded.length);
		frame.putLong(VALUE_ROOM, MAX_VALUE);
	}

	private static CmapValue readValue(FrameReader frame) {
		FrameHeader.require(frame, VALUE);
		int length = frame.getInt(VALUE_LENGTH);
		if (length < 0 || length > frame.length() - VALUE) {
			throw FrameHeader.malformed("a value of %d bytes in %d".formatted(length, frame.length()));
		}
		byte[] value = new byte[length];
		frame.getBytes(VALUE, value);
		// The type is one byte; the three behind it are not written.
		int type = frame.getInt(TYPE) & 0xFF;
		return switch (type) {
			case TYPE_UINT8 -> new CmapValue.Uint8((int) number(value, 1));
			case TYPE_UINT32 -> new CmapValue.Uint32(number(value, Integer.BYTES));
			case TYPE_STRING -> new CmapValue.Text(text(value));
			default -> new CmapValue.Other(type);
		};
	}

	private static long number(byte[] value, int bytes) {
		if (value.length != bytes) {
			throw FrameHeader.malformed("a number of %d bytes where it has %d".formatted(value.length, bytes));
		}
		long number = 0;
		for (int i = bytes - 1; i >= 0; i--) {
			number = number << Byte.SIZE | (value[i] & 0xFF);
		}
		return number;
	}

	/** It ends at the first NUL. */
	private static String text(byte[] value) {
		int end = 0;
		while (end < value.length && value[end] != 0) {
			end++;
		}
		return new String(value, 0, end, StandardCharsets.UTF_8);
	}

}

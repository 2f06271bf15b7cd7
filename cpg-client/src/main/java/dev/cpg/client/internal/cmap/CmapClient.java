package dev.cpg.client.internal.cmap;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Requests;
import dev.cpg.client.internal.ipc.daemon.IpcService;

/**
 * Reads keys of corosync's configuration map; see {@code cmap_keys(7)}. For one thread.
 * <p>
 * Each method throws a {@link CorosyncException}: with {@link CsError#INVALID_PARAM} if
 * the key has a value of another type, with {@link CsError#TIMEOUT} if the daemon does
 * not answer within the time limit, and with the daemon's error otherwise.
 */
public final class CmapClient {

	public static final IpcService SERVICE = CmapProtocol.SERVICE;

	private final Requests requests;

	private final Deadline deadline;

	/**
	 * Creates a client.
	 * @param connection a connection to the service
	 * @param limit the time limit of all that it is asked for, from now on
	 */
	public CmapClient(IpcConnection connection, Duration limit) {
		this.requests = connection.requests();
		this.deadline = Deadline.in(limit);
	}

	/** Returns the value of a key of type {@code u8}, nothing if there is no such key. */
	public OptionalInt uint8(String key) {
		CmapValue.Uint8 value = get(key, CmapValue.Uint8.class, "u8").orElse(null);
		return (value != null) ? OptionalInt.of(value.number()) : OptionalInt.empty();
	}

	/**
	 * Returns the value of a key of type {@code u32}, nothing if there is no such key.
	 */
	public OptionalLong uint32(String key) {
		CmapValue.Uint32 value = get(key, CmapValue.Uint32.class, "u32").orElse(null);
		return (value != null) ? OptionalLong.of(value.number()) : OptionalLong.empty();
	}

	/**
	 * Returns the value of a key of type {@code str}, nothing if there is no such key.
	 */
	public Optional<String> string(String key) {
		return get(key, CmapValue.Text.class, "str").map(CmapValue.Text::text);
	}

	private <T extends CmapValue> Optional<T> get(String key, Class<T> type, String typeName) {
		return get(key).map((value) -> {
			if (!type.isInstance(value)) {
				throw new CorosyncException(CsError.INVALID_PARAM,
						"The key %s of corosync's configuration map is a %s and cannot be read as a %s".formatted(key,
								value, typeName));
			}
			return type.cast(value);
		});
	}

	/** Returns the value of a key, whatever its type, nothing if there is no such key. */
	Optional<CmapValue> get(String key) {
		try {
			return Optional.of(this.requests.ask(CmapProtocol.get(key), this.deadline));
		}
		catch (CorosyncException ex) {
			if (ex.error() == CsError.NOT_EXIST) {
				return Optional.empty();
			}
			throw ex;
		}
	}

}

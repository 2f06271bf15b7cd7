package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.corosync.CorosyncConnector;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The Corosync daemon of this node. No other class here depends on that implementation of
 * the client, apart from its preloading.
 */
final class CorosyncEngine implements CpgEngine {

	/** Unfinished messages of all groups may take a quarter of the heap. */
	private static final int HEAP_SHARE = 4;

	private final CpgConnectionDetails details;

	private final int groups;

	/**
	 * Creates the engine.
	 * @param details where the daemon is
	 * @param groups how many groups the service has, which share the heap
	 */
	CorosyncEngine(CpgConnectionDetails details, int groups) {
		this.details = details;
		this.groups = groups;
	}

	/**
	 * Requires that a socket's path has room for a directory: the client knows which
	 * sockets there are, and how long their paths may be.
	 * @throws IllegalArgumentException if the directory's path is too long
	 */
	static void requireSocketDirectory(@Nullable Path directory) {
		CorosyncConnector.builder().socketDirectory(directory);
	}

	@Override
	public CpgMode mode() {
		return CpgMode.COROSYNC;
	}

	@Override
	public Object daemon(CpgGroupProperties properties) {
		return List.of(Optional.ofNullable(socketDirectory(properties)), properties.getCorosync().getTrustedUids());
	}

	@Override
	public CpgConnector connector(ConnectorSettings settings) {
		CpgGroupProperties properties = settings.properties();
		CorosyncConnector.Builder builder = CorosyncConnector.builder()
			.socketDirectory(socketDirectory(properties))
			.trustedUids(properties.getCorosync().getTrustedUids())
			.requestTimeout(properties.getCorosync().getRequestTimeout())
			.livenessInterval(properties.getCorosync().getLivenessInterval())
			.reassemblyCapacity(reassemblyCapacity(properties));
		settings.applyTo(builder);
		return builder.build();
	}

	/** Connection details of the application apply to all groups. */
	private @Nullable Path socketDirectory(CpgGroupProperties properties) {
		return (this.details instanceof PropertiesCpgConnectionDetails) ? properties.getCorosync().getSocketDirectory()
				: this.details.getSocketDirectory();
	}

	private long reassemblyCapacity(CpgGroupProperties properties) {
		DataSize capacity = properties.getDelivery().getReassemblyCapacity();
		return ((capacity != null) ? capacity
				: reassemblyShare(Runtime.getRuntime().maxMemory(), this.groups, properties.getMaxMessageSize()))
			.toBytes();
	}

	/** Each group has its share for itself, so that a flood in one costs no other. */
	static DataSize reassemblyShare(long heap, int groups, DataSize largestMessage) {
		return DataSize.ofBytes(Math.max(heap / HEAP_SHARE / groups, largestMessage.toBytes()));
	}

}

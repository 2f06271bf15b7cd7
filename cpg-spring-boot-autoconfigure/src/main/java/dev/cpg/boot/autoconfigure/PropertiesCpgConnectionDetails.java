package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Says where the daemon is according to the properties.
 */
public final class PropertiesCpgConnectionDetails implements CpgConnectionDetails {

	private final CpgProperties properties;

	PropertiesCpgConnectionDetails(CpgProperties properties) {
		this.properties = properties;
	}

	@Override
	public @Nullable Path getSocketDirectory() {
		return this.properties.getCorosync().getSocketDirectory();
	}

}

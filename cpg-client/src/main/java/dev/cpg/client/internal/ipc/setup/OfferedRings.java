package dev.cpg.client.internal.ipc.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.memory.MappedRing;
import dev.cpg.client.internal.ipc.transport.ShmTransport;

/**
 * Maps the rings that the daemon offers, of which each has two files.
 */
final class OfferedRings {

	private final Offer offer;

	private final DaemonDirectory memory;

	private final List<DaemonFile> files = new ArrayList<>();

	private final List<MappedRing> rings = new ArrayList<>();

	OfferedRings(Offer offer) {
		this.offer = offer;
		this.memory = offer.memory();
	}

	ShmTransport open(FrameSizeCheck sizeCheck) throws IOException {
		boolean opened = false;
		try {
			map(this.offer.response().requestName());
			map(this.offer.response().responseName());
			map(this.offer.response().eventName());
			this.memory.addDirectoryOf(this.files.get(0), this.files);
			ShmTransport transport = new ShmTransport(this.offer.socket(), this.rings.toArray(MappedRing[]::new),
					this.offer.files(this.files), this.offer.response().frameSize());
			sizeCheck.require(transport.maxFrameSize());
			opened = true;
			return transport;
		}
		finally {
			if (!opened) {
				MappedRing.unmapAll(this.rings);
			}
		}
	}

	private void map(String offered) throws IOException {
		Path name = this.memory.resolve(offered);
		DaemonFile header = this.memory.find(MappedRing.headerFile(name), DaemonFile.Kind.FILE);
		DaemonFile data = this.memory.find(MappedRing.dataFile(name), DaemonFile.Kind.FILE);
		this.files.addAll(List.of(header, data));
		this.rings.add(MappedRing.open(header, data));
	}

}

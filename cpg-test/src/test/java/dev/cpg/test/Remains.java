package dev.cpg.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node's traces on the machine: its processes, found by their user namespace, its files
 * in /dev/shm and its directory.
 *
 * @param directory the cluster's directory
 * @param keeper the process id that the node's keeper has, and that its daemon has in the
 * node's world
 * @param namespace the cluster's user namespace
 */
record Remains(Path directory, String keeper, Path namespace) {

	static Remains of(CorosyncNode node) {
		return of(node.directory());
	}

	static Remains of(Path nodeDirectory) {
		try {
			String keeper = Files.readString(nodeDirectory.resolve("keeper")).strip();
			return new Remains(parent(nodeDirectory), keeper, namespace(Path.of("/proc", keeper)).orElseThrow());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path parent(Path path) {
		return Optional.ofNullable(path.getParent()).orElseThrow();
	}

	Set<Path> processes() {
		return list(Path.of("/proc"), "[0-9]*").stream()
			.filter((process) -> namespace(process).filter(this.namespace::equals).isPresent())
			.collect(Collectors.toSet());
	}

	Set<Path> sharedMemory() {
		return list(Path.of("/dev/shm"), "qb-{" + this.keeper + ",corosync-" + this.keeper + "}-*");
	}

	Set<Path> connections() {
		return list(Path.of("/dev/shm"), "qb-" + this.keeper + "-*");
	}

	Stream<String> mounts() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/mountinfo"))
			.stream()
			.filter((line) -> line.contains(this.directory.toString()));
	}

	private static Set<Path> list(Path directory, String glob) {
		try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, glob)) {
			Set<Path> found = new TreeSet<>();
			paths.forEach(found::add);
			return found;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Optional<Path> namespace(Path process) {
		try {
			return Optional.of(Files.readSymbolicLink(process.resolve("ns/user")));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

}

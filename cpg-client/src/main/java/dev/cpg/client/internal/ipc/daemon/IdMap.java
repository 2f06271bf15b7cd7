package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How the user namespace of this process maps uids or gids; see
 * {@code user_namespaces(7)}.
 *
 * @param ranges what it maps
 */
public record IdMap(List<Range> ranges) {

	/** All but the one that stands for none. */
	private static final long ALL = 0xFFFF_FFFFL;

	/** Returns the map of uids of this process. */
	public static IdMap uids() throws IOException {
		return parse(Files.readString(Path.of("/proc/self/uid_map")));
	}

	/** Returns the map of gids of this process. */
	public static IdMap gids() throws IOException {
		return parse(Files.readString(Path.of("/proc/self/gid_map")));
	}

	static IdMap parse(String text) {
		return new IdMap(text.lines().map(Range::parse).toList());
	}

	boolean mapsAll() {
		return this.ranges.stream().mapToLong(Range::count).sum() >= ALL;
	}

	/** Returns the number that an id has outside, the same if it is not mapped. */
	public long outside(long id) {
		return this.ranges.stream()
			.filter((range) -> range.contains(id))
			.findFirst()
			.map((range) -> id - range.inside + range.outside)
			.orElse(id);
	}

	/**
	 * Consecutive ids.
	 *
	 * @param inside the number of the first in the namespace
	 * @param outside its number outside
	 * @param count how many there are
	 */
	public record Range(long inside, long outside, long count) {

		private static Range parse(String line) {
			String[] numbers = line.strip().split("\\s+", -1);
			return new Range(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
		}

		private boolean contains(long id) {
			return id >= this.inside && id < this.inside + this.count;
		}

	}

}

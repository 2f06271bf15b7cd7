package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How the user namespace of this process maps users; see {@code user_namespaces(7)}.
 *
 * @param ranges what it maps
 */
record UidMap(List<Range> ranges) {

	/** All but the one that stands for none. */
	private static final long ALL_USERS = 0xFFFF_FFFFL;

	private static final Path FILE = Path.of("/proc/self/uid_map");

	static UidMap current() throws IOException {
		return parse(Files.readString(FILE));
	}

	static UidMap parse(String text) {
		return new UidMap(text.lines().map(Range::parse).toList());
	}

	boolean mapsEveryUser() {
		return this.ranges.stream().mapToLong(Range::count).sum() >= ALL_USERS;
	}

	/** Returns the number that a user has outside, the same if it is not mapped. */
	long outside(long uid) {
		return this.ranges.stream()
			.filter((range) -> range.contains(uid))
			.findFirst()
			.map((range) -> uid - range.inside + range.outside)
			.orElse(uid);
	}

	/**
	 * Consecutive users.
	 *
	 * @param inside the number of the first in the namespace
	 * @param outside its number outside
	 * @param count how many there are
	 */
	record Range(long inside, long outside, long count) {

		private static Range parse(String line) {
			String[] numbers = line.strip().split("\\s+", -1);
			return new Range(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
		}

		private boolean contains(long uid) {
			return uid >= this.inside && uid < this.inside + this.count;
		}

	}

}

package dev.cpg.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is to be run.
 *
 * @param length for how long
 * @param seed decides about the faults
 * @param nodes the numbers of nodes, in turn
 * @param directory where histories are kept
 * @param keep whether histories without violations are kept, too
 */
record Options(Duration length, long seed, List<Integer> nodes, Path directory, boolean keep) {

	static Options parse(String[] args) {
		List<Integer> nodes = List.of(args[2].split(",", -1)).stream().map(Integer::valueOf).toList();
		return new Options(Duration.ofMinutes(Long.parseLong(args[0])), Long.parseLong(args[1]), nodes,
				Path.of(args[3]).toAbsolutePath(), Boolean.parseBoolean(args[4]));
	}

}

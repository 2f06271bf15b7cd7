package dev.cpg.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out whether a cluster can run here: looks for the programs, tries what the
 * scripts will do, and asks corosync for its build features.
 */
final class Availability {

	private static final List<String> PROGRAMS = List.of("corosync", "corosync-quorumtool", "ip", "unshare", "nsenter",
			"setpriv", "setsid", "mount", "find");

	private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);

	private static final String PATH = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";

	private static final Attempt.Once REASON = new Attempt.Once(() -> reason(PATH));

	private static final Attempt.Once UDPU = new Attempt.Once(() -> udpu(PATH));

	private Availability() {
	}

	static Optional<String> ofThisMachine() {
		return REASON.get();
	}

	static Optional<String> ofUdpu() {
		return UDPU.get();
	}

	/**
	 * Corosync lists what its build lacks among its features. Builds that are too old for
	 * such a list have it.
	 */
	static Attempt udpu(String path) {
		return run(path, List.of("corosync", "-v"), "The features of this corosync could not be read",
				(process, said) -> said.contains("without_udpu") ? Attempt.failed(
						"This corosync was built without the transport udpu" + " ('corosync -v' says without_udpu).")
						: Attempt.succeeded());
	}

	static Attempt reason(String given) {
		String path = Stream.of(given.split(":"))
			.filter((name) -> !name.isEmpty())
			.distinct()
			.collect(Collectors.joining(":"));
		List<Path> directories = Stream.of(path.split(":")).map(Path::of).toList();
		List<String> missing = PROGRAMS.stream()
			.filter((program) -> directories.stream().noneMatch((d) -> Files.isExecutable(d.resolve(program))))
			.toList();
		if (!missing.isEmpty()) {
			return Attempt.failed("No Corosync cluster can run here: " + String.join(", ", missing) + " not found in "
					+ path + " (Debian and Ubuntu: packages corosync, iproute2, util-linux).");
		}
		return tryNamespaces(path);
	}

	private static Attempt tryNamespaces(String path) {
		List<String> command = List.of("unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork",
				"--kill-child", "sh", "-c", ClusterWorld.resource("probe.sh"));
		return run(path, command, "No Corosync cluster can run here",
				(probe, said) -> (probe.exitValue() == 0) ? Attempt.succeeded()
						: Attempt.failed("No Corosync cluster can run here: " + said
								+ " (user, network, mount and process namespaces are needed,"
								+ " see sysctl user.max_user_namespaces and"
								+ " kernel.apparmor_restrict_unprivileged_userns, and Linux 5.9 or newer)."));
	}

	private static Attempt run(String path, List<String> command, String problem,
			BiFunction<Process, String, Attempt> verdict) {
		try {
			// The program is looked up on the path that it is given, not on that of the
			// JVM.
			List<String> line = new ArrayList<>(List.of("env", "PATH=" + path));
			line.addAll(command);
			Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
			try {
				process.getOutputStream().close();
				boolean ended = Waiting.uninterruptibly(PROBE_LIMIT,
						(nanos) -> process.waitFor(nanos, TimeUnit.NANOSECONDS));
				if (!ended) {
					return Attempt.undecided(
							problem + ": the attempt did not end within " + PROBE_LIMIT.toSeconds() + " seconds.");
				}
				String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip()
					.replace('\n', ' ');
				return verdict.apply(process, said);
			}
			finally {
				process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			return Attempt.failed(problem + ": " + ex.getMessage() + ".");
		}
	}

}

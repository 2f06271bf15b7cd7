package dev.cpg.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out whether a cluster can be had here: by looking for the programs, and by trying
 * what the scripts will do.
 */
final class Availability {

	private static final List<String> PROGRAMS = List.of("corosync", "corosync-quorumtool", "ip", "unshare", "nsenter",
			"setpriv", "setsid", "mount", "find");

	private static final Duration PROBE_LIMIT = Duration.ofSeconds(20);

	private static final Attempt.Once REASON = new Attempt.Once(
			() -> reason(System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"));

	private Availability() {
	}

	static Optional<String> ofThisMachine() {
		return REASON.get();
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
			return Attempt.failed("No Corosync cluster can be had here: " + String.join(", ", missing)
					+ " not found in " + path + " (Debian and Ubuntu: packages corosync, iproute2, util-linux).");
		}
		return tryNamespaces(path);
	}

	private static Attempt tryNamespaces(String path) {
		try {
			ProcessBuilder builder = new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "--mount",
					"--pid", "--fork", "--kill-child", "sh", "-c", ClusterWorld.resource("probe.sh"))
				.redirectErrorStream(true);
			builder.environment().put("PATH", path);
			Process probe = builder.start();
			try {
				probe.getOutputStream().close();
				boolean ended = Waiting.uninterruptibly(PROBE_LIMIT,
						(nanos) -> probe.waitFor(nanos, TimeUnit.NANOSECONDS));
				if (!ended) {
					return Attempt.undecided("No Corosync cluster could be had here: no end of the attempt within "
							+ PROBE_LIMIT.toSeconds() + " seconds.");
				}
				if (probe.exitValue() == 0) {
					return Attempt.succeeded();
				}
				String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip()
					.replace('\n', ' ');
				return Attempt.failed("No Corosync cluster can be had here: " + said
						+ " (needed are user, network, mount and process namespaces, see sysctl user.max_user_namespaces"
						+ " and kernel.apparmor_restrict_unprivileged_userns, and Linux 5.9 or newer).");
			}
			finally {
				probe.destroyForcibly();
			}
		}
		catch (IOException ex) {
			return Attempt.failed("No Corosync cluster can be had here: " + ex.getMessage() + ".");
		}
	}

}

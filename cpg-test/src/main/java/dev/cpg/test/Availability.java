package dev.cpg.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds out whether a cluster can be had here: by looking for the programs, and by trying
 * what the scripts will do.
 */
final class Availability {

	private static final List<String> PROGRAMS = List.of("corosync", "corosync-quorumtool", "ip", "unshare", "nsenter",
			"setpriv", "setsid", "mount", "find");

	private Availability() {
	}

	static Optional<String> ofThisMachine() {
		return Once.REASON;
	}

	static Optional<String> reason(String path) {
		List<Path> directories = Stream.of(path.split(":")).filter((name) -> !name.isEmpty()).map(Path::of).toList();
		List<String> missing = PROGRAMS.stream()
			.filter((program) -> directories.stream().noneMatch((d) -> Files.isExecutable(d.resolve(program))))
			.toList();
		if (!missing.isEmpty()) {
			return Optional.of("No Corosync cluster can be had here: " + String.join(", ", missing) + " not found in "
					+ path + " (Debian and Ubuntu: packages corosync, iproute2, util-linux).");
		}
		return tryNamespaces(path);
	}

	private static Optional<String> tryNamespaces(String path) {
		try {
			ProcessBuilder builder = new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "--mount",
					"--pid", "--fork", "--kill-child", "sh", "-c", ClusterWorld.resource("probe.sh"))
				.redirectErrorStream(true);
			builder.environment().put("PATH", path);
			Process probe = builder.start();
			try {
				probe.getOutputStream().close();
				boolean ended = probe.waitFor(20, TimeUnit.SECONDS);
				if (ended && probe.exitValue() == 0) {
					return Optional.empty();
				}
				String said = ended ? new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip()
					.replace('\n', ' ') : "no end within 20 seconds";
				return Optional.of("No Corosync cluster can be had here: " + said
						+ " (needed are user, network, mount and process namespaces, see sysctl user.max_user_namespaces"
						+ " and kernel.apparmor_restrict_unprivileged_userns, and Linux 5.9 or newer).");
			}
			finally {
				probe.destroyForcibly();
			}
		}
		catch (IOException ex) {
			return Optional.of("No Corosync cluster can be had here: " + ex.getMessage() + ".");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.of("No Corosync cluster can be had here: interrupted while trying.");
		}
	}

	private static final class Once {

		private static final Optional<String> REASON = reason(
				System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin");

	}

}

package dev.cpg.boot.autoconfigure.diagnostics;

import java.nio.file.Path;
import java.util.Map;

import dev.cpg.boot.autoconfigure.CpgConnectionDetails;
import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says what to do when {@code cpg.fail-fast=true} and there is no connection to the
 * daemon.
 */
final class CpgConnectFailureAnalyzer extends AbstractFailureAnalyzer<CorosyncConnectException> {

	private final DaemonSettings settings;

	CpgConnectFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.settings = new DaemonSettings(beanFactory, environment);
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, CorosyncConnectException cause) {
		if (this.settings.isEmbedded()) {
			// Its message says which node was stopped: there is no daemon to look for.
			return null;
		}
		return new FailureAnalysis(description(cause) + "\n\n" + cause.getMessage(),
				action(cause) + "\n\n" + later(cause.reason()) + withoutCorosync(cause.reason()), cause);
	}

	private String later(Reason reason) {
		if (reason.lastsUntilRestart()) {
			return "Then start the service again: a process that has failed to load the library does not try it again.";
		}
		if (reason == Reason.UNSUPPORTED_PLATFORM) {
			return "To start here without a group, set cpg.enabled=false: there are no beans of the starter then.";
		}
		return "To start anyway and join as soon as that is possible, set %s."
			.formatted(String.join(" and ", this.settings.failFast().stream().map((name) -> name + "=false").toList()));
	}

	private String withoutCorosync(Reason reason) {
		boolean none = reason == Reason.NOT_RUNNING || reason == Reason.UNSUPPORTED_PLATFORM;
		return (none && this.settings.allowEmbeddedMode()) ? """


				For development and tests, a service needs no Corosync: with dev.cpg:cpg-embedded on the classpath it \
				runs on a cluster inside its JVM. Set

				    cpg.mode=embedded""" : "";
	}

	private String description(CorosyncConnectException cause) {
		return switch (cause.reason()) {
			case NOT_RUNNING -> "There is no Corosync to join a group on: nothing listens where its daemon would.";
			case NOT_READY -> "Corosync is there, but takes no connections: it is starting up or shutting down.";
			case PERMISSION_DENIED -> "Corosync does not let the user of this process in.";
			case UNTRUSTED_DAEMON ->
				"The process that listens at Corosync's address runs as a user that this service does not trust.";
			case SHARED_MEMORY_NOT_SHARED ->
				"Corosync answers, but the shared memory that it offers is not in this process's /dev/shm.";
			case NETWORK_NOT_SHARED ->
				"Corosync answers, but the sockets that it offers are not in this process's network namespace.";
			case NATIVE_LIBRARY -> "The native library of junixsocket, which Unix sockets need, cannot be loaded.";
			case NATIVE_ACCESS_DENIED ->
				"The JVM does not let junixsocket, which Unix sockets need, load its native library.";
			case NOT_PERMITTED -> "The system denies this process something that a connection to Corosync needs.";
			case UNSUPPORTED_PLATFORM -> "Corosync can be reached on 64-bit little-endian Linux only.";
			case UNSUPPORTED_TRANSPORT ->
				"Corosync is set up for a transport other than shared memory and sockets, which this version speaks.";
			case TIMEOUT -> "Corosync does not answer in time.";
			case NO_RESOURCES -> "Another connection cannot be opened: something is used up or forbidden.";
			case PROTOCOL -> "Corosync, or whatever answers in its place, said something unexpected.";
		};
	}

	private String action(CorosyncConnectException cause) {
		return switch (cause.reason()) {
			case NOT_RUNNING -> notRunningAdvice(cause.socket());
			case NOT_READY -> """
					Wait until it has started, and see what it waits for:

					    journalctl -u corosync
					    corosync-quorumtool -s""";
			case PERMISSION_DENIED -> ProcessOwner.current().permissionAdvice();
			case UNTRUSTED_DAEMON -> """
					Any local user can listen at Corosync's address while it does not run. As root, see who does, \
					and whether Corosync runs:

					    ss -xlp | grep cpg
					    systemctl status corosync

					End what does not belong there, and start Corosync. If Corosync is meant to run as that \
					user, trust it: set cpg.corosync.trusted-uids to the number named above.""";
			case SHARED_MEMORY_NOT_SHARED -> """
					The process most likely runs in a container. Give it the host's shared memory:

					    docker run --ipc host --network host ...
					    Kubernetes: hostIPC: true and hostNetwork: true in the pod's spec

					or mount the host's /dev/shm over the container's.""";
			case NETWORK_NOT_SHARED -> """
					The process most likely runs in a container. Give the container the host's network namespace:

					    docker run --network host ...
					    Kubernetes: hostNetwork: true in the pod's spec

					or set qb_ipc_type to native in the system section of corosync.conf, and restart the daemon. It \
					then offers shared memory, and the container needs the host's /dev/shm.""";
			case NATIVE_LIBRARY -> """
					The library is unpacked into the directory that java.io.tmpdir names, now %s. \
					It must be writable, not full, and not mounted 'noexec'. Another one is set with:

					    java -Djava.io.tmpdir=/path/to/a/directory ...

					On Alpine Linux and others without glibc the library may be missing for this system altogether."""
				.formatted(System.getProperty("java.io.tmpdir"));
			case NATIVE_ACCESS_DENIED -> """
					Allow it, on the command line or in the manifest of the application's executable jar:

					    java --enable-native-access=ALL-UNNAMED ...
					    Enable-Native-Access: ALL-UNNAMED""";
			case NOT_PERMITTED -> """
					Allow what is named above. A service of systemd may be denied it by RestrictAddressFamilies \
					without AF_UNIX, by ReadOnlyPaths or InaccessiblePaths, a container by a volume that is mounted \
					read-only:

					    systemctl cat NAME
					    findmnt /dev/shm""";
			case UNSUPPORTED_PLATFORM -> "This is %s on %s. Run the service on 64-bit Linux on x86-64 or ARM."
				.formatted(System.getProperty("os.name"), System.getProperty("os.arch"));
			case UNSUPPORTED_TRANSPORT -> """
					In corosync.conf let the daemon use shared memory, and restart it:

					    system {
					        qb_ipc_type: native
					    }""";
			case TIMEOUT -> """
					See whether it answers others, and what it has to say:

					    corosync-cpgtool
					    journalctl -u corosync

					If the machine is just busy, a longer %s helps."""
				.formatted(String.join(" or ", this.settings.requestTimeout()));
			case NO_RESOURCES -> (cause.error() == CsError.NO_MEMORY) ? """
					Give the JVM more memory outside of its heap, which is as much as -Xmx unless it is set:

					    java -XX:MaxDirectMemorySize=64m ...

					or, if the heap is what is full, a larger -Xmx.""" : """
					See what is used up, on this node and by this process:

					    df -h /dev/shm
					    ulimit -n

					A connection takes some 3 MB of /dev/shm, and two are open at the start. For a container make
					it larger with --shm-size, for a service of systemd raise LimitNOFILE.""";
			case PROTOCOL -> """
					See what runs, in which version, and what it has to say:

					    corosync -v
					    journalctl -u corosync

					Version 3.1 is known to work.%s""".formatted(directoryAdvice());
		};
	}

	private String directoryAdvice() {
		String bean = this.settings.detailsBean();
		if (bean != null) {
			return " Check that the bean '%s' names the daemon's directory.".formatted(bean);
		}
		Map<String, Path> directories = this.settings.directories();
		return directories.isEmpty() ? ""
				: " Check that %s names the daemon's directory.".formatted(String.join(" or ", directories.keySet()));
	}

	private String notRunningAdvice(@Nullable Path socket) {
		String bean = this.settings.detailsBean();
		if (bean != null) {
			return """
					The bean '%s', of type CpgConnectionDetails, says where the daemon is, not a property. If that \
					is wrong, correct the bean. If not, does the daemon run?

					    systemctl status corosync
					    systemctl start corosync""".formatted(bean);
		}
		// Groups may have directories of their own.
		return this.settings.directories()
			.entrySet()
			.stream()
			.filter((setting) -> socket != null && setting.getValue().equals(socket.getParent()))
			.findFirst()
			.map((setting) -> directoryAdvice(setting.getKey(), setting.getValue()))
			.orElse("""
					Is it running?           systemctl status corosync
					Start it:                systemctl start corosync
					Not installed yet?       apt-get install corosync

					In a container it must be the host's daemon: run with the host's network namespace \
					(docker run --network host --ipc host), unless its sockets are files. If the daemon \
					uses file sockets, set cpg.corosync.socket-directory to their directory.""");
	}

	private static String directoryAdvice(String property, Path directory) {
		return """
				%1$s is set to '%2$s'. If the daemon's sockets are there, this shows one:

				    ls -l '%2$s/cpg'

				If that shows no socket, correct the setting, or remove it to use the default location. If it does, \
				check that the daemon is running:

				    systemctl status corosync
				    systemctl start corosync""".formatted(property, directory.toAbsolutePath());
	}

}

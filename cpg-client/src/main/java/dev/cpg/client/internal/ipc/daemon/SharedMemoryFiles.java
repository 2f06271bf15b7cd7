package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * The files of a connection's shared memory. The daemon removes them when a connection
 * ends; one that was killed cannot, and they would keep their memory until the machine is
 * restarted.
 * <p>
 * They are removed only when the daemon is surely dead: the process that the kernel named
 * as the socket's peer is gone, or another one has its number. Where that cannot be
 * known, as in a pid namespace of one's own, they are left.
 */
public final class SharedMemoryFiles {

	/** The socket ends a moment before the process does. */
	private static final Duration DYING = Duration.ofSeconds(1);

	private static final int STATE = 0;

	private static final int START_TIME = 19;

	private final List<DaemonFile> files;

	private final long daemonPid;

	private final @Nullable String daemonStart;

	/**
	 * Notes the files of a connection.
	 * @param files the files, and the connection's directory last
	 * @param daemonPid the daemon's process id, 0 if it is not known
	 */
	public SharedMemoryFiles(List<DaemonFile> files, long daemonPid) {
		this.files = files;
		this.daemonPid = daemonPid;
		this.daemonStart = (daemonPid > 0) ? stat(daemonPid, START_TIME) : null;
	}

	/** Returns whether the daemon has not removed the first file. */
	public boolean exist() {
		return this.files.get(0).exists();
	}

	/**
	 * Removes the files if the daemon is dead.
	 * @param ended whether it ended the connection, and so may be about to die
	 */
	public void removeIfDaemonDied(boolean ended) {
		if (this.daemonStart == null || this.files.stream().noneMatch(DaemonFile::exists)) {
			return;
		}
		Deadline deadline = Deadline.in(ended ? DYING : Duration.ZERO);
		while (isAlive()) {
			if (deadline.isOver() || !exist()) {
				return;
			}
			deadline.pause();
		}
		for (DaemonFile file : this.files) {
			try {
				if (file.exists()) {
					file.delete();
				}
			}
			catch (IOException ex) {
				CpgLog.MEMBERSHIP.debug().cause(ex).log("The file {} of a dead daemon was not removed", file);
			}
		}
	}

	private boolean isAlive() {
		String state = stat(this.daemonPid, STATE);
		return state != null && !"Z".equals(state) && !"X".equals(state)
				&& Objects.equals(stat(this.daemonPid, START_TIME), this.daemonStart);
	}

	/**
	 * Reads a field of {@code /proc/PID/stat}, counted from the one behind the name; see
	 * {@code proc(5)}.
	 */
	private static @Nullable String stat(long pid, int field) {
		try {
			String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
			return line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[field];
		}
		catch (IOException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

}

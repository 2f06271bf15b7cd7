package dev.cpg.client.internal.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.List;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import org.newsclub.net.unix.BrokenPipeSocketException;
import org.newsclub.net.unix.ConnectionRefusedSocketException;
import org.newsclub.net.unix.ConnectionResetSocketException;
import org.newsclub.net.unix.NotConnectedSocketException;
import org.newsclub.net.unix.SocketClosedException;

/**
 * Says in a reader's words why a connection was lost: what a socket says of its end, such
 * as "Not open", is no reason to anybody.
 */
final class ConnectionLoss {

	/** How it shows in reading and writing that the daemon is gone. */
	private static final List<Class<? extends IOException>> ENDS = List.of(EOFException.class,
			BrokenPipeSocketException.class, ConnectionResetSocketException.class, NotConnectedSocketException.class,
			SocketClosedException.class, ConnectionRefusedSocketException.class, ClosedChannelException.class);

	private ConnectionLoss() {
	}

	/**
	 * Returns the exception for a failure.
	 * @param what what failed, behind "in"
	 */
	static CorosyncException of(String what, Throwable failure) {
		return new CorosyncException(CsError.LIBRARY,
				"The connection to corosync was lost in %s: %s".formatted(what, reason(failure)), failure);
	}

	private static String reason(Throwable failure) {
		if (failure instanceof InternalError error && MappingFaults.isReport(error)) {
			return "its shared memory was cut short, as by a daemon that ends";
		}
		if (failure instanceof ClosedByInterruptException) {
			return "a thread of the connection was interrupted";
		}
		if (ENDS.stream().anyMatch((end) -> end.isInstance(failure))) {
			return "the daemon stopped, or died";
		}
		String message = failure.getMessage();
		return (message != null && !message.isBlank()) ? message : failure.toString();
	}

}

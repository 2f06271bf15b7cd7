package dev.cpg.spring;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgQuorum;

import org.springframework.context.ApplicationEvent;

/**
 * Takes part in a group beside the listeners, and before them: it sees what a
 * membership's connections report when it arrives, one connection after the other. The
 * election of leaders is one.
 */
public interface CpgMembershipInterceptor extends CpgInterceptor {

	/**
	 * A membership was built that this takes part in.
	 */
	default void attached() {
	}

	/**
	 * A connection was opened, and joins the group when this returns.
	 * {@link #closed(dev.cpg.client.CorosyncException)} follows before there is another
	 * one.
	 * @param connector what has opened the connection
	 * @param connection the connection
	 * @param group the group, as the listeners are notified of it
	 * @param publisher publishes an event to the listeners; to be called by what is
	 * {@linkplain CpgConnection#post posted} to the connection
	 */
	void joining(CpgConnector connector, CpgConnection connection, CpgGroup group,
			Consumer<ApplicationEvent> publisher);

	/**
	 * The quorum has changed, of whatever ring. Any thread calls it, several at once; the
	 * call must not block.
	 * @param quorum returns the quorum as of the moment when it is asked,
	 * {@link CpgQuorum#NONE} if nothing is known
	 */
	void quorumChanged(Supplier<CpgQuorum> quorum);

	/**
	 * This service is about to leave the group.
	 * @return completes when it may leave; the leave does not wait for it for longer than
	 * half of the leave timeout
	 */
	CompletableFuture<?> leaving();

	/**
	 * Returns the headers to be added to a message which the calling thread sends.
	 */
	Map<String, String> headers();

}

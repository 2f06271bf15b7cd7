package dev.cpg.client.internal.cpg;

import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listener, on the delivery thread. The view changes before the listener hears
 * of it, so that a listener that asks sees what it was told.
 */
public final class ListenerDispatcher {

	/** About what an element costs beside its payload. */
	private static final long ELEMENT_WEIGHT = 128L;

	/** About what a member or node in a list costs. */
	private static final long ENTRY_WEIGHT = 64L;

	private final CpgListener listener;

	private final CpgAddress localAddress;

	private final MembershipState membership;

	private final Consumer<InternalError> onFault;

	private volatile CpgView view = CpgView.NONE;

	private volatile boolean retired;

	/** Whether the listener has heard of the end; the delivery thread's alone. */
	private boolean closed;

	/**
	 * Creates one.
	 * @param onFault is told of a fault in reading a mapping which came to the thread
	 * only as it told the listener
	 */
	ListenerDispatcher(CpgListener listener, CpgAddress localAddress, MembershipState membership,
			Consumer<InternalError> onFault) {
		this.listener = listener;
		this.localAddress = localAddress;
		this.membership = membership;
		this.onFault = onFault;
	}

	/** The end is not told any more. */
	void retire() {
		this.retired = true;
	}

	static long weigh(Object element) {
		if (element instanceof CpgMessage message) {
			return ELEMENT_WEIGHT + message.length();
		}
		if (element instanceof CpgConfigurationChange change) {
			return ELEMENT_WEIGHT
					+ ENTRY_WEIGHT * (change.view().members().size() + change.left().size() + change.joined().size());
		}
		if (element instanceof CpgTotemConfiguration configuration) {
			return ELEMENT_WEIGHT + ENTRY_WEIGHT * configuration.nodeIds().size();
		}
		return ELEMENT_WEIGHT;
	}

	/** Returns the view as the listener knows it, its own leave apart. */
	CpgView view() {
		return this.view;
	}

	void tell(Object element) {
		try {
			if (element instanceof CpgMessage message) {
				this.listener.delivered(message);
			}
			else if (element instanceof CpgConfigurationChange change) {
				tellChange(change);
			}
			else if (element instanceof CpgTotemConfiguration configuration) {
				this.view = configuration.view();
				this.listener.totemChanged(configuration);
			}
			else if (element instanceof Closed closed) {
				close(closed.cause);
			}
		}
		catch (Throwable ex) {
			if (ex instanceof InternalError fault && MappingFaults.isReport(fault)) {
				this.onFault.accept(fault);
			}
			CpgLog.LISTENERS.error()
				.cause(ex)
				.log("The listener failed on {}; the next event is delivered all the same", element);
		}
		finally {
			// What a listener leaves behind must not cut the next wait short.
			Thread.interrupted();
		}
	}

	/**
	 * Nothing is delivered any more. A listener that has not heard of the end, which took
	 * memory that was lacking, hears of it now: it would wait for it without an end.
	 */
	void end(CorosyncException cause) {
		if (!this.closed) {
			try {
				close(cause);
			}
			catch (Throwable ex) {
				CpgLog.LISTENERS.error().cause(ex).log("The listener failed on the end of the connection");
			}
		}
	}

	private void close(@Nullable CorosyncException cause) {
		this.closed = true;
		this.view = CpgView.NONE;
		if (!this.retired) {
			this.listener.closed(cause);
		}
	}

	private void tellChange(CpgConfigurationChange change) {
		this.view = change.view();
		if (change.joined().stream().map(CpgMember::address).anyMatch(this.localAddress::equals)) {
			this.membership.joinTold();
		}
		this.listener.configurationChanged(change);
	}

	/** The last element. */
	record Closed(@Nullable CorosyncException cause) {

	}

}

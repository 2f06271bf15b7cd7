package dev.cpg.client.internal.cpg.delivery;

import java.util.function.Consumer;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Calls the listener, on the delivery thread. The view changes before the listener is
 * notified of the change, so that a listener that asks for the view sees the same.
 */
public final class ListenerDispatcher {

	private final CpgListener listener;

	private final MembershipState membership;

	private final Consumer<InternalError> onFault;

	private volatile CpgView view = CpgView.NONE;

	private volatile boolean retired;

	/** Whether the listener was notified of the end; the delivery thread's alone. */
	private boolean closed;

	/**
	 * Creates a dispatcher.
	 * @param onFault is called with a fault in reading a mapping that the JVM reported
	 * only while the listener was called
	 */
	public ListenerDispatcher(CpgListener listener, MembershipState membership, Consumer<InternalError> onFault) {
		this.listener = listener;
		this.membership = membership;
		this.onFault = onFault;
	}

	/** From now on the listener is not notified of the end. */
	public void retire() {
		this.retired = true;
	}

	/** Returns whether the listener is not notified of the end. */
	boolean isRetired() {
		return this.retired;
	}

	/** Returns whether the listener may use a message after it has returned. */
	boolean keepsMessages() {
		return this.listener.keepsMessages();
	}

	/** Returns the view that the listener was notified of last. */
	public CpgView view() {
		return this.view;
	}

	void dispatch(Delivery delivery) {
		try {
			delivery.dispatchTo(this);
		}
		catch (Throwable ex) {
			if (ex instanceof InternalError fault && MappingFaults.isReport(fault)) {
				this.onFault.accept(fault);
			}
			CpgLog.LISTENERS.error()
				.cause(ex)
				.log("The listener failed on {}; the next event is delivered anyway", delivery);
		}
		finally {
			// An interrupt that a listener leaves behind must not cut the next wait
			// short.
			Thread.interrupted();
		}
	}

	void message(CpgMessage message) {
		this.listener.delivered(message);
	}

	void membersChanged(CpgConfigurationChange change) {
		this.view = change.view();
		if (change.joined().stream().map(CpgMember::address).anyMatch(this.membership.localAddress()::equals)) {
			this.membership.joinDispatched();
		}
		this.listener.configurationChanged(change);
	}

	void ringChanged(CpgTotemConfiguration configuration) {
		this.view = configuration.view();
		this.listener.totemChanged(configuration);
	}

	/** Nothing is run any more after the listener was notified of the end. */
	void run(Runnable call) {
		if (!this.closed) {
			call.run();
		}
	}

	void closed(@Nullable CorosyncException cause) {
		this.closed = true;
		this.view = CpgView.NONE;
		if (!this.retired) {
			this.listener.closed(cause);
		}
	}

	/**
	 * Nothing more is delivered. A listener that was not notified of the end, for lack of
	 * memory, is notified now: it would wait for it without a limit.
	 */
	void end(CorosyncException cause) {
		if (!this.closed) {
			try {
				closed(cause);
			}
			catch (Throwable ex) {
				CpgLog.LISTENERS.error().cause(ex).log("The listener failed on the end of the connection");
			}
		}
	}

}

package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.log.CpgLog;

/**
 * Shows each delivery to the interceptor before it waits for the listener.
 */
final class InterceptingSink implements DeliverySink {

	private final CpgInterceptor interceptor;

	private final DeliverySink next;

	InterceptingSink(CpgInterceptor interceptor, DeliverySink next) {
		this.interceptor = interceptor;
		this.next = next;
	}

	@Override
	public boolean lends() {
		return this.next.lends();
	}

	@Override
	public void accept(Delivery delivery) {
		if (!intercept(delivery)) {
			this.next.accept(delivery);
		}
	}

	/** Returns whether the interceptor consumes it. */
	boolean intercept(Delivery delivery) {
		try {
			return delivery.intercept(this.interceptor);
		}
		catch (Throwable ex) {
			if (ex instanceof InternalError fault && MappingFaults.isReport(fault)) {
				throw fault;
			}
			CpgLog.LISTENERS.error()
				.cause(ex)
				.log("The interceptor failed on {}; the listener is notified anyway", delivery);
			return false;
		}
		finally {
			// An interrupt that an interceptor leaves behind must not end the connection.
			Thread.interrupted();
		}
	}

}

package dev.cpg.client.internal.cpg.delivery;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;

/**
 * A message as the listener gets it, so that nothing else is allocated for its delivery.
 * Its bytes are its own, or lent: then they lie in a buffer that is used again as soon as
 * the listener has returned.
 */
public final class DeliveredMessage extends CpgMessage implements Delivery {

	/** Creates a message whose bytes are its own. */
	DeliveredMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] payload) {
		super(group, view, sender, local, payload);
	}

	/** Creates a message whose bytes are lent: a part of an array. */
	DeliveredMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] bytes, int from,
			int length) {
		super(group, view, sender, local, bytes, from, length);
	}

	@Override
	public long weight() {
		return WEIGHT + length();
	}

	@Override
	public void dispatchTo(ListenerDispatcher dispatcher) {
		try {
			dispatcher.message(this);
		}
		finally {
			takeBack();
		}
	}

	@Override
	public boolean intercept(CpgInterceptor interceptor) {
		return interceptor.consume(this);
	}

}

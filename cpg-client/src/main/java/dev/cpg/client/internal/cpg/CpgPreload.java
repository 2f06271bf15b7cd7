package dev.cpg.client.internal.cpg;

import java.lang.invoke.MethodHandles;
import java.util.List;

import dev.cpg.client.internal.cpg.delivery.DeliveredMessage;
import dev.cpg.client.internal.cpg.delivery.DeliveryQueue;
import dev.cpg.client.internal.cpg.delivery.EventDecoder;
import dev.cpg.client.internal.cpg.delivery.EventPump;
import dev.cpg.client.internal.cpg.delivery.ListenerDispatcher;
import dev.cpg.client.internal.cpg.delivery.ReadOwnership;
import dev.cpg.client.internal.cpg.delivery.Reassembler;
import dev.cpg.client.internal.cpg.membership.GroupQueries;
import dev.cpg.client.internal.cpg.membership.JoinAndLeave;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.cpg.send.FragmentSender;
import dev.cpg.client.internal.cpg.send.FrameSender;
import dev.cpg.client.internal.cpg.send.Multicaster;

/**
 * Loads ahead the classes of this package that every connection uses.
 */
public final class CpgPreload {

	private CpgPreload() {
	}

	/**
	 * Loads them, which takes its time.
	 * @throws IllegalAccessException never, as they are this package's
	 */
	public static void run() throws IllegalAccessException {
		MethodHandles.Lookup lookup = MethodHandles.lookup();
		for (Class<?> type : List.of(CpgSession.class, Multicaster.class, FrameSender.class, FragmentSender.class,
				MembershipState.class, JoinAndLeave.class, GroupQueries.class, EventPump.class, ReadOwnership.class,
				DeliveryQueue.class, EventDecoder.class, Reassembler.class, DeliveredMessage.class,
				ListenerDispatcher.class, CpgRequests.class, CpgEvents.class)) {
			lookup.ensureInitialized(type);
		}
	}

}

package dev.cpg.client.internal.cpg;

import java.lang.invoke.MethodHandles;
import java.util.List;

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

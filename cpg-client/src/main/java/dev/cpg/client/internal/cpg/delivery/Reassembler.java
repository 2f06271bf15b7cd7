package dev.cpg.client.internal.cpg.delivery;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.internal.cpg.delivery.DroppedMessages.Cause;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together that come as fragments, one for each sender at a time. What a
 * sender claims is not believed: room grows with what has arrived, and the room for all
 * senders together is bounded. A message that does not come together is dropped and
 * counted, once.
 * <p>
 * When there is no room, the message that began first is dropped, which is what makes
 * members agree: whether a message stays depends on the fragments delivered since its
 * first and on nothing before, so members that joined at different times drop the same
 * ones. This member's messages are never dropped: their sender would hear that they were
 * delivered to it.
 */
public final class Reassembler {

	/** More than there are members; what is forgotten is counted twice at most. */
	private static final int MAX_REFUSED = 4096;

	private final CpgAddress localAddress;

	private final int maxMessageSize;

	private final long capacity;

	private final DroppedMessages dropped;

	/** The unfinished messages by sender, in the order of their first fragments. */
	private final Map<CpgAddress, PartialMessage> messages = new LinkedHashMap<>();

	/** Senders whose present message was dropped, with more fragments to come. */
	private final Set<CpgAddress> refused = new LinkedHashSet<>();

	/** What all unfinished messages weigh. */
	private final AtomicLong weight = new AtomicLong();

	private final SpareArray spare = new SpareArray();

	/**
	 * Creates one without messages.
	 * @param localAddress this member
	 * @param maxMessageSize the size of the largest message, in bytes
	 * @param capacity how many bytes unfinished messages of others may take together
	 */
	public Reassembler(CpgAddress localAddress, int maxMessageSize, long capacity, DroppedMessages dropped) {
		this.localAddress = localAddress;
		this.maxMessageSize = maxMessageSize;
		this.capacity = capacity;
		this.dropped = dropped;
	}

	/** Returns the least capacity that messages of up to a size can come together in. */
	public static long capacityFor(int maxMessageSize) {
		return (long) maxMessageSize + PartialMessage.OVERHEAD;
	}

	/**
	 * Returns the capacity where none is set: a quarter of the largest heap, and room for
	 * one largest message at least.
	 */
	public static long defaultCapacity(int maxMessageSize) {
		return Math.max(capacityFor(maxMessageSize), Runtime.getRuntime().maxMemory() / 4);
	}

	/** Returns how many bytes unfinished messages take. Any thread may ask. */
	public long bytes() {
		return this.weight.get();
	}

	/**
	 * Adds a fragment.
	 * @param frame has its bytes
	 * @return if this was its last one, the message: the first bytes of the array, as
	 * many as the fragment says the whole has
	 */
	byte @Nullable [] add(CpgAddress sender, CpgEvents.Fragment fragment, FrameReader frame) {
		switch (fragment.type()) {
			case FragmentType.FIRST -> {
				begin(sender, fragment);
				append(sender, fragment, frame);
			}
			case FragmentType.MIDDLE -> append(sender, fragment, frame);
			case FragmentType.LAST -> {
				append(sender, fragment, frame);
				return end(sender);
			}
			default -> {
				if (!this.refused.contains(sender)) {
					refuse(sender, Cause.MALFORMED, () -> "a fragment of it has the unknown type " + fragment.type());
				}
			}
		}
		return null;
	}

	private void begin(CpgAddress sender, CpgEvents.Fragment fragment) {
		// The sender begins again after a membership change; what it sent before is void.
		forget(sender);
		if (fragment.wholeLength() > this.maxMessageSize) {
			refuse(sender, Cause.TOO_LARGE,
					() -> "it has %d bytes and the limit is %d".formatted(fragment.wholeLength(), this.maxMessageSize));
			return;
		}
		PartialMessage message = new PartialMessage((int) fragment.wholeLength());
		this.spare.lendTo(message);
		this.messages.put(sender, message);
		this.weight.addAndGet(message.weight());
	}

	private void append(CpgAddress sender, CpgEvents.Fragment fragment, FrameReader frame) {
		PartialMessage message = this.messages.get(sender);
		if (message == null) {
			return;
		}
		int present = frame.length() - CpgEvents.FRAGMENT;
		if (fragment.length() > present) {
			refuse(sender, Cause.MALFORMED,
					() -> "a fragment of it claims %d bytes and has %d".formatted(fragment.length(), present));
			return;
		}
		if (fragment.wholeLength() != message.wholeLength() || fragment.length() > message.missing()) {
			refuse(sender, Cause.MALFORMED, () -> "its fragments do not make up the length that it claims");
			return;
		}
		long before = message.weight();
		int length = (int) fragment.length();
		message.extend(length);
		this.weight.addAndGet(message.weight() - before);
		makeRoom();
		if (this.messages.containsKey(sender)) {
			message.copyLast(frame, length);
		}
	}

	private byte @Nullable [] end(CpgAddress sender) {
		PartialMessage message = this.messages.get(sender);
		if (message != null && message.missing() == 0) {
			remove(sender);
			this.spare.finished(message);
			return message.array();
		}
		if (message != null) {
			refuse(sender, Cause.MALFORMED, () -> "fragments of it are missing");
		}
		else if (!this.refused.contains(sender)) {
			this.dropped.add(Cause.BEGAN_BEFORE_JOIN, sender,
					() -> "its first fragment was delivered before this member joined");
		}
		forget(sender);
		return null;
	}

	/**
	 * Drops the messages that began first, until those of others are within the bound.
	 */
	private void makeRoom() {
		PartialMessage own = this.messages.get(this.localAddress);
		long limit = this.capacity + ((own != null) ? own.weight() : 0);
		while (this.weight.get() > limit) {
			Iterator<CpgAddress> senders = this.messages.keySet().iterator();
			CpgAddress oldest = senders.next();
			if (oldest.equals(this.localAddress)) {
				oldest = senders.next();
			}
			refuse(oldest, Cause.NO_ROOM, () -> "it was the oldest when unfinished messages came to more than %d bytes"
				.formatted(this.capacity));
		}
	}

	/** Counts a message as dropped; the rest of it is passed over. */
	private void refuse(CpgAddress sender, Cause cause, Supplier<String> why) {
		forget(sender);
		if (this.refused.size() >= MAX_REFUSED) {
			Iterator<CpgAddress> senders = this.refused.iterator();
			senders.next();
			senders.remove();
		}
		this.refused.add(sender);
		this.dropped.add(cause, sender, why);
	}

	private void forget(CpgAddress sender) {
		this.refused.remove(sender);
		PartialMessage message = remove(sender);
		if (message != null) {
			this.spare.dropped(message);
		}
	}

	private @Nullable PartialMessage remove(CpgAddress sender) {
		PartialMessage message = this.messages.remove(sender);
		if (message != null) {
			this.weight.addAndGet(-message.weight());
		}
		return message;
	}

	/** Nobody uses the array of a message any more. */
	void recycle(byte[] array) {
		this.spare.recycle(array);
	}

	/** Nothing more comes from members that left. */
	void left(List<CpgMember> members) {
		members.forEach((member) -> forget(member.address()));
	}

}

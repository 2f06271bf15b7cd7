package dev.cpg.client.internal.cpg;

import java.util.Arrays;
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
import dev.cpg.client.internal.cpg.DroppedMessages.Cause;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together that came as fragments, one for each sender at a time. What a
 * sender claims is not believed: room grows with what has arrived, to twice of it, and
 * the room for all senders together is bounded. A message that does not come together is
 * dropped and counted, once.
 * <p>
 * When there is no room, the message that began first is dropped, which is what makes
 * members agree: whether a message stays depends on the fragments delivered since its
 * first and on nothing before, so members that joined at different times drop the same
 * ones. This member's own messages are never dropped, as their sender would hear that
 * they were delivered to it.
 */
public final class Reassembler {

	/** Room for a message is kept for the next one up to here, in bytes. */
	private static final int MAX_SPARE = 4 * 1024 * 1024;

	/** About what an unfinished message costs beside its bytes. */
	private static final int OVERHEAD = 256;

	/** More than there are members; what is forgotten is counted twice at most. */
	private static final int MAX_REFUSED = 4096;

	private static final byte[] NONE = {};

	private final CpgAddress localAddress;

	private final int maxMessageSize;

	private final long capacity;

	private final DroppedMessages dropped;

	/** In the order of their first fragments. */
	private final Map<CpgAddress, Assembly> assemblies = new LinkedHashMap<>();

	/** Senders whose present message was dropped, with more fragments to come. */
	private final Set<CpgAddress> refused = new LinkedHashSet<>();

	/** What all assemblies weigh. */
	private final AtomicLong bytes = new AtomicLong();

	/** Room for the next message, which it need not be given piece by piece. */
	private byte @Nullable [] spare;

	/** The one assembly that may have it. */
	private @Nullable Assembly spareUser;

	/**
	 * Creates one without messages.
	 * @param localAddress this member
	 * @param maxMessageSize the size of the largest message, in bytes
	 * @param capacity how many bytes unfinished messages of others may take together
	 */
	Reassembler(CpgAddress localAddress, int maxMessageSize, long capacity, DroppedMessages dropped) {
		this.localAddress = localAddress;
		this.maxMessageSize = maxMessageSize;
		this.capacity = capacity;
		this.dropped = dropped;
	}

	/** Returns the least capacity that messages of up to a size can come together in. */
	public static long capacityFor(int maxMessageSize) {
		return (long) maxMessageSize + OVERHEAD;
	}

	/**
	 * Returns the capacity where none is set: a quarter of the largest heap, and room for
	 * one largest message at least.
	 */
	public static long defaultCapacity(int maxMessageSize) {
		return Math.max(capacityFor(maxMessageSize), Runtime.getRuntime().maxMemory() / 4);
	}

	/** Returns how many bytes unfinished messages take. Any thread may ask. */
	long bytes() {
		return this.bytes.get();
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
		Assembly assembly = new Assembly((int) fragment.wholeLength());
		if (this.spare != null && this.spare.length >= assembly.wholeLength) {
			assembly.bytes = this.spare;
			this.spare = null;
			this.spareUser = assembly;
		}
		this.assemblies.put(sender, assembly);
		this.bytes.addAndGet(assembly.weight());
	}

	private void append(CpgAddress sender, CpgEvents.Fragment fragment, FrameReader frame) {
		Assembly assembly = this.assemblies.get(sender);
		if (assembly == null) {
			return;
		}
		int present = frame.length() - CpgEvents.FRAGMENT;
		if (fragment.length() > present) {
			refuse(sender, Cause.MALFORMED,
					() -> "a fragment of it claims %d bytes and has %d".formatted(fragment.length(), present));
			return;
		}
		if (fragment.wholeLength() != assembly.wholeLength || fragment.length() > assembly.missing()) {
			refuse(sender, Cause.MALFORMED, () -> "its fragments do not make up the length that it claims");
			return;
		}
		long before = assembly.weight();
		int length = (int) fragment.length();
		assembly.filled += length;
		this.bytes.addAndGet(assembly.weight() - before);
		makeRoom();
		if (this.assemblies.containsKey(sender)) {
			assembly.copyLast(length, frame);
		}
	}

	private byte @Nullable [] end(CpgAddress sender) {
		Assembly assembly = this.assemblies.get(sender);
		if (assembly != null && assembly.missing() == 0) {
			remove(sender);
			if (this.spareUser == assembly) {
				this.spareUser = null;
			}
			return assembly.bytes;
		}
		if (assembly != null) {
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
	 * Drops what began first, until the rest of the others' messages is within the bound.
	 */
	private void makeRoom() {
		Assembly own = this.assemblies.get(this.localAddress);
		long limit = this.capacity + ((own != null) ? own.weight() : 0);
		while (this.bytes.get() > limit) {
			Iterator<CpgAddress> senders = this.assemblies.keySet().iterator();
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
		Assembly assembly = remove(sender);
		if (assembly != null && assembly == this.spareUser) {
			this.spareUser = null;
			this.spare = assembly.bytes;
		}
	}

	private @Nullable Assembly remove(CpgAddress sender) {
		Assembly assembly = this.assemblies.remove(sender);
		if (assembly != null) {
			this.bytes.addAndGet(-assembly.weight());
		}
		return assembly;
	}

	/**
	 * Nobody uses the array of a message any more. One array is kept at most, which is
	 * not counted: an unfinished message that has it cannot have the next one kept, too.
	 */
	void recycle(byte[] room) {
		if (this.spareUser == null && room.length <= MAX_SPARE
				&& (this.spare == null || this.spare.length < room.length)) {
			this.spare = room;
		}
	}

	/** Nothing more comes from members that left. */
	void left(List<CpgMember> members) {
		members.forEach((member) -> forget(member.address()));
	}

	private static final class Assembly {

		private final int wholeLength;

		private byte[] bytes = NONE;

		private int filled;

		Assembly(int wholeLength) {
			this.wholeLength = wholeLength;
		}

		int missing() {
			return this.wholeLength - this.filled;
		}

		/** What it takes at most, by what has arrived alone. */
		long weight() {
			return OVERHEAD + Math.min(2L * this.filled, this.wholeLength);
		}

		/** Copies the fragment that makes up the last bytes of what is filled. */
		void copyLast(int length, FrameReader frame) {
			if (this.filled > this.bytes.length) {
				this.bytes = Arrays.copyOf(this.bytes, (int) Math.min(2L * this.filled, this.wholeLength));
			}
			frame.getBytes(CpgEvents.FRAGMENT, this.bytes, this.filled - length, length);
		}

	}

}

package dev.cpg.client.corosync;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.log.CpgLog;
import dev.cpg.client.log.LogLimit;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together that came as fragments, one for each sender at a time. What a
 * sender claims is not believed: room grows with what has arrived, to twice of it, so
 * that nobody can make this member allocate more than was sent to it. A message that does
 * not come together is dropped, counted, and logged once in a while.
 */
final class Reassembly {

	/** Room for a message is kept for the next one up to here, in bytes. */
	private static final int MAX_SPARE = 4 * 1024 * 1024;

	/** As many as there are members; a sender that is none must not cost memory. */
	private static final int MAX_ASSEMBLIES = 128;

	private static final byte[] NONE = {};

	private final int maxMessageSize;

	private final Map<CpgAddress, Assembly> assemblies = new HashMap<>();

	private final AtomicLong dropped = new AtomicLong();

	private final LogLimit dropWarning = new LogLimit();

	/** Room for the next message, which it need not be given piece by piece. */
	private byte @Nullable [] spare;

	Reassembly(int maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	/** Returns how many messages were dropped. Any thread may ask. */
	long dropped() {
		return this.dropped.get();
	}

	/**
	 * Adds a fragment.
	 * @param frame has its bytes
	 * @return if this was its last one, the message: the first bytes of the array, as
	 * many as the fragment says the whole has
	 */
	byte @Nullable [] add(CpgAddress sender, CpgProtocol.Fragment fragment, Frame frame) {
		if (fragment.type() == CpgProtocol.FIRST) {
			begin(sender, fragment);
		}
		Assembly assembly = this.assemblies.get(sender);
		if (assembly == null) {
			// Its first fragment came before the own join, or was refused.
			return null;
		}
		if (fragment.wholeLength() != assembly.wholeLength || !assembly.append(frame, fragment.length())) {
			drop(sender, "its fragments do not make up the length that it claims");
			return null;
		}
		if (fragment.type() != CpgProtocol.LAST) {
			return null;
		}
		if (assembly.filled != assembly.wholeLength) {
			drop(sender, "fragments of it are missing");
			return null;
		}
		this.assemblies.remove(sender);
		return assembly.bytes;
	}

	private void begin(CpgAddress sender, CpgProtocol.Fragment fragment) {
		// The sender begins again after a membership change; what it sent before is void.
		this.assemblies.remove(sender);
		if (fragment.wholeLength() > this.maxMessageSize) {
			drop(sender, "it has %d bytes and the limit is %d (cpg.max-message-size)".formatted(fragment.wholeLength(),
					this.maxMessageSize));
			return;
		}
		if (this.assemblies.size() >= MAX_ASSEMBLIES) {
			drop(sender, "more senders are under way than a group has members");
			return;
		}
		byte[] room = NONE;
		if (this.spare != null && this.spare.length >= fragment.wholeLength()) {
			room = this.spare;
			this.spare = null;
		}
		this.assemblies.put(sender, new Assembly(fragment.wholeLength(), room));
	}

	/** Nobody uses the array of a message any more. */
	void recycle(byte[] room) {
		if (room.length <= MAX_SPARE && (this.spare == null || this.spare.length < room.length)) {
			this.spare = room;
		}
	}

	/** Nothing more comes from members that left. */
	void left(List<CpgMember> members) {
		for (CpgMember member : members) {
			this.assemblies.remove(member.address());
		}
	}

	private void drop(CpgAddress sender, String why) {
		this.assemblies.remove(sender);
		long count = this.dropped.incrementAndGet();
		this.dropWarning.log("dropped", (leftOut) -> CpgLog.MESSAGES.warn()
			.with("sender", sender)
			.with("dropped", count)
			.log("Dropped a message of {}: {}. Dropped since the connection was opened: {}", sender, why, count));
	}

	private static final class Assembly {

		private final int wholeLength;

		private byte[] bytes;

		private int filled;

		Assembly(int wholeLength, byte[] room) {
			this.wholeLength = wholeLength;
			this.bytes = room;
		}

		boolean append(Frame frame, int length) {
			if (length > this.wholeLength - this.filled) {
				return false;
			}
			if (length > this.bytes.length - this.filled) {
				long room = 2L * (this.filled + length);
				this.bytes = Arrays.copyOf(this.bytes, (int) Math.min(room, this.wholeLength));
			}
			frame.getBytes(CpgProtocol.FRAGMENT, this.bytes, this.filled, length);
			this.filled += length;
			return true;
		}

	}

}

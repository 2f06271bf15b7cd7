package dev.cpg.client.internal.cpg.delivery;

import java.util.Arrays;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * Decodes messages, whole ones and those that come in fragments, and reports this
 * member's own to those that wait for their outcome.
 */
public final class MessageDecoder implements ViewTracker.Observer {

	private final MembershipState membership;

	private final PendingSends pending;

	private final ContentHash contentHash;

	private final Reassembler reassembler;

	private final DroppedMessages dropped;

	private final @Nullable BatchReader batches;

	private final FragmentRecipients recipients = new FragmentRecipients();

	private @Nullable CpgAddress lastSender;

	/** The bytes of the batch that was read last, where they are not lent. */
	private byte[] batch = new byte[0];

	/** The bytes of the message that was lent last. */
	private byte[] scratch = new byte[0];

	/** The array of a message that came in fragments, while it is lent. */
	private byte @Nullable [] assembled;

	/**
	 * Creates a decoder.
	 * @param batches recognises batches, if this member reads them
	 */
	public MessageDecoder(MembershipState membership, PendingSends pending, ContentHash contentHash,
			Reassembler reassembler, DroppedMessages dropped, @Nullable BatchReader batches) {
		this.membership = membership;
		this.pending = pending;
		this.contentHash = contentHash;
		this.reassembler = reassembler;
		this.dropped = dropped;
		this.batches = batches;
	}

	void deliver(FrameReader frame, CpgView view, DeliverySink sink) {
		CpgEvents.requireDelivery(frame);
		CpgAddress sender = sender(CpgEvents.senderNodeId(frame), CpgEvents.senderPid(frame), view);
		long claimed = CpgEvents.messageLength(frame);
		if (claimed > frame.length() - CpgEvents.MESSAGE) {
			this.dropped.add(DroppedMessages.Cause.MALFORMED, sender,
					() -> "it claims %d bytes and has %d".formatted(claimed, frame.length() - CpgEvents.MESSAGE));
			return;
		}
		int length = (int) claimed;
		boolean local = isLocal(sender);
		if (this.batches != null && BatchFormat.mayBe(frame, length)
				&& deliverBatch(this.batches, frame, length, sender, local, view, sink)) {
			return;
		}
		byte[] bytes = sink.lends() ? scratch(length) : new byte[length];
		frame.getBytes(CpgEvents.MESSAGE, bytes, 0, length);
		if (local) {
			delivered(bytes, length, view);
		}
		sink.accept(message(view, sender, local, bytes, length, sink.lends()));
	}

	private byte[] scratch(int length) {
		this.scratch = grown(this.scratch, length);
		return this.scratch;
	}

	private static byte[] grown(byte[] bytes, int length) {
		return (bytes.length < length) ? new byte[Math.max(length, 2 * bytes.length)] : bytes;
	}

	/** Returns whether it was no payload. */
	private boolean deliverBatch(BatchReader batches, FrameReader frame, int length, CpgAddress sender, boolean local,
			CpgView view, DeliverySink sink) {
		// What is lent may still be in use while another thread reads what is not.
		this.batch = sink.lends() ? this.batch : grown(this.batch, length);
		byte[] bytes = sink.lends() ? scratch(length) : this.batch;
		frame.getBytes(CpgEvents.MESSAGE, bytes, 0, length);
		BatchReader.Content content = batches.read(bytes, length, sender, local, view);
		if (content == BatchReader.Content.BATCH) {
			deliverMessages(bytes, sender, local, view, sink);
		}
		else if (content == BatchReader.Content.ANNOUNCEMENT && local) {
			delivered(bytes, length, view);
		}
		return content != BatchReader.Content.PAYLOAD;
	}

	private void deliverMessages(byte[] bytes, CpgAddress sender, boolean local, CpgView view, DeliverySink sink) {
		CpgGroupName group = this.membership.requireGroup();
		int at = BatchFormat.HEAD;
		for (int left = BatchFormat.count(bytes); left > 0; left--) {
			int length = BatchFormat.entryLength(bytes, at);
			at += BatchFormat.ENTRY;
			sink.accept(sink.lends() ? new DeliveredMessage(group, view, sender, local, bytes, at, length)
					: new DeliveredMessage(group, view, sender, local, Arrays.copyOfRange(bytes, at, at + length)));
			at += length;
		}
	}

	void deliverFragment(FrameReader frame, CpgView view, DeliverySink sink) {
		CpgEvents.Fragment fragment = CpgEvents.readFragment(frame);
		CpgAddress sender = sender(fragment.nodeId(), fragment.pid(), view);
		boolean local = isLocal(sender);
		if (local && fragment.type() == FragmentType.FIRST) {
			this.recipients.begin(view);
		}
		byte[] bytes = this.reassembler.add(sender, fragment, frame);
		if (bytes == null) {
			return;
		}
		int length = (int) fragment.wholeLength();
		if (local) {
			delivered(bytes, length, this.recipients.end(view));
		}
		this.assembled = sink.lends() ? bytes : null;
		sink.accept(message(view, sender, local, bytes, length, sink.lends()));
	}

	/**
	 * A message of this member came back.
	 * @param recipients the view with the members that surely get it, which is what its
	 * future completes with
	 */
	private void delivered(byte[] bytes, int length, CpgView recipients) {
		this.pending.delivered(length, this.contentHash.of(bytes, length), recipients);
	}

	private DeliveredMessage message(CpgView view, CpgAddress sender, boolean local, byte[] bytes, int length,
			boolean lent) {
		if (lent) {
			return new DeliveredMessage(this.membership.requireGroup(), view, sender, local, bytes, 0, length);
		}
		byte[] payload = (bytes.length == length) ? bytes : Arrays.copyOf(bytes, length);
		return new DeliveredMessage(this.membership.requireGroup(), view, sender, local, payload);
	}

	private boolean isLocal(CpgAddress sender) {
		return sender.equals(this.membership.localAddress());
	}

	/** Messages mostly come in runs of one sender, so its address is made once. */
	private CpgAddress sender(long nodeId, long pid, CpgView view) {
		CpgAddress last = this.lastSender;
		if (last != null && last.nodeId() == nodeId && last.pid() == pid) {
			return last;
		}
		CpgAddress sender = null;
		for (CpgAddress member : view.members()) {
			if (member.nodeId() == nodeId && member.pid() == pid) {
				sender = member;
			}
		}
		sender = (sender != null) ? sender : new CpgAddress(nodeId, pid);
		this.lastSender = sender;
		return sender;
	}

	/** The listener has returned: what was lent is not used any more. */
	void recycle() {
		if (this.assembled != null) {
			this.reassembler.recycle(this.assembled);
			this.assembled = null;
		}
	}

	@Override
	public void membersChanged(ViewChange change) {
		this.lastSender = null;
		this.reassembler.left(change.left());
		this.recipients.change(change);
	}

	@Override
	public void ordered(CpgEvents.ConfigurationChange change) {
		if (this.batches != null) {
			this.batches.agreement().changed(change);
		}
	}

	@Override
	public void corrected(List<CpgAddress> members) {
		if (this.batches != null) {
			this.batches.agreement().corrected(members);
		}
	}

	/** What was sent before the leave has come back by now, or never will. */
	@Override
	public void left() {
		this.pending.allLost();
		if (this.batches != null) {
			this.batches.left();
		}
	}

}

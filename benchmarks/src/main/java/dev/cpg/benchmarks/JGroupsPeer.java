package dev.cpg.benchmarks;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.FRAG2;
import org.jgroups.protocols.SEQUENCER;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.ProtocolStack;
import org.jspecify.annotations.Nullable;

/**
 * A member of a JGroups cluster in a JVM of its own. It uses one of the stacks that come
 * with JGroups, with total order ({@code SEQUENCER}) where {@code sequencer.xml} has it.
 */
public final class JGroupsPeer implements Commands.Member {

	/** Has a member send to the one that follows it only, in no common order. */
	static final String UNICAST = "unicast";

	private final String stack;

	private final int port;

	private final boolean ordered;

	private JGroupsPeer(String stack, int port, boolean ordered) {
		this.stack = stack;
		this.port = port;
		this.ordered = ordered;
	}

	/**
	 * Runs until the end of the input.
	 * @param args the stack's file, this member's address, the first port, the members'
	 * addresses and ports, and {@code unicast} if messages are to go to one member
	 * @throws Exception if anything fails; the benchmark is over then
	 */
	public static void main(String[] args) throws Exception {
		System.setProperty("jgroups.bind_addr", args[1]);
		System.setProperty("jgroups.tcpping.initial_hosts", args[3]);
		new Commands(new JGroupsPeer(args[0], Integer.parseInt(args[2]), args.length < 5)).run();
	}

	@Override
	public Outlet join(String group, Tally tally) throws Exception {
		JChannel channel = new JChannel(this.stack);
		ProtocolStack protocols = channel.getProtocolStack();
		// Standard output is for answers.
		protocols.<GMS>findProtocol(GMS.class).printLocalAddress(false);
		if (this.stack.startsWith("tcp")) {
			// The stack's file has the number itself.
			protocols.getTransport().setBindPort(this.port);
		}
		if (this.ordered) {
			protocols.insertProtocol(new SEQUENCER(), ProtocolStack.Position.BELOW, FRAG2.class);
		}
		channel.setReceiver(new Receiver() {

			@Override
			public void receive(Message message) {
				if (!message.getSrc().equals(channel.getAddress())) {
					tally.foreign(message.getLength());
				}
				else if (message.getLength() >= Long.BYTES) {
					tally.own(Tally.number(message.getArray(), message.getOffset()));
				}
			}

		});
		channel.connect(group);
		return this.ordered ? new Window(channel, tally) : (message) -> unicast(channel, tally, message);
	}

	/**
	 * What was sent counts as having come back: the other member has to say what it got.
	 */
	private static CompletableFuture<?> unicast(JChannel channel, Tally tally, byte[] message) {
		List<Address> members = channel.getView().getMembers();
		Address next = members.get((members.indexOf(channel.getAddress()) + 1) % members.size());
		send(channel, next, message);
		if (message.length >= Long.BYTES) {
			tally.own(Tally.number(message, 0));
		}
		return CompletableFuture.completedFuture(null);
	}

	/** It keeps the array until the members have it. */
	private static void send(JChannel channel, @Nullable Address destination, byte[] message) {
		try {
			channel.send(new BytesMessage(destination, message.clone()));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Lets only so much be under way. {@code SEQUENCER} sends what it is given to the
	 * member that orders it, without flow control, and takes seconds for what a sender
	 * makes in one.
	 */
	private static final class Window implements Outlet {

		private static final int MESSAGES = 4096;

		private static final int BYTES = 4 * 1024 * 1024;

		private static final long PAUSE_NANOS = 20_000;

		private final JChannel channel;

		private final Tally tally;

		private long sent;

		Window(JChannel channel, Tally tally) {
			this.channel = channel;
			this.tally = tally;
		}

		@Override
		public CompletableFuture<?> multicast(byte[] message) {
			long most = Math.min(MESSAGES, BYTES / Math.max(1, message.length));
			while (this.sent - this.tally.back() >= most) {
				LockSupport.parkNanos(PAUSE_NANOS);
			}
			send(this.channel, null, message);
			if (message.length >= Long.BYTES) {
				this.sent++;
			}
			return CompletableFuture.completedFuture(null);
		}

	}

}

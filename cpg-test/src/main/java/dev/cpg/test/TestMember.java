package dev.cpg.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group that a test plays: it sends what the test says, records what it
 * receives, and can answer. It ends with the daemon of its node, and when the cluster is
 * {@linkplain TestCluster#restore() restored}. Any thread may call any method.
 *
 * @see TestNode#join(String)
 */
public final class TestMember {

	private static final Logger log = LoggerFactory.getLogger(TestMember.class);

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final CpgConnection connection;

	private final CpgAddress address;

	private final List<CpgMessage> received = new ArrayList<>();

	private final List<CpgConfigurationChange> changes = new ArrayList<>();

	private volatile Consumer<CpgMessage> reaction = (message) -> {
	};

	TestMember(CpgConnector connector, CpgGroupName group) {
		this.connection = connector.connect(new Recorder());
		try {
			this.connection.join(group, LIMIT);
			this.address = this.connection.localAddress();
		}
		catch (RuntimeException ex) {
			this.connection.close();
			throw ex;
		}
	}

	/**
	 * The address under which others see this member.
	 * @return the address, also after this member has ended
	 */
	public CpgAddress address() {
		return this.address;
	}

	/**
	 * The group as this member knows it.
	 * @return the view, {@link CpgView#NONE} if it is no member any more
	 */
	public CpgView view() {
		return this.connection.view();
	}

	/**
	 * Sends a text, in UTF-8.
	 * @param message the text
	 * @return completes with the view in which this member has received it; see
	 * {@link CpgConnection#multicast(byte[])}
	 */
	public CompletableFuture<CpgView> send(String message) {
		return send(message.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Sends bytes, for instance what a mapper makes of an object.
	 * @param message the bytes
	 * @return completes with the view in which this member has received them
	 */
	public CompletableFuture<CpgView> send(byte[] message) {
		return this.connection.multicast(message);
	}

	/**
	 * Has this member react to each message of another member that it receives from now
	 * on, for instance with an answer. The reaction runs after the message was recorded,
	 * on the thread that delivers messages: it may send, and must not wait. It takes the
	 * place of an earlier one.
	 * @param reaction what to do
	 */
	public void onMessage(Consumer<CpgMessage> reaction) {
		this.reaction = reaction;
	}

	/**
	 * What this member has received until now, its own messages included.
	 * @return the messages, in their order; unmodifiable
	 */
	public List<CpgMessage> received() {
		synchronized (this.received) {
			return List.copyOf(this.received);
		}
	}

	/**
	 * The changes of the group that this member was notified of until now; the first one
	 * is its join.
	 * @return the changes, in their order; unmodifiable
	 */
	public List<CpgConfigurationChange> changes() {
		synchronized (this.changes) {
			return List.copyOf(this.changes);
		}
	}

	/**
	 * Leaves the group in order: the others see {@link dev.cpg.client.CpgReason#LEAVE}.
	 */
	public void leave() {
		this.connection.leave(LIMIT);
		this.connection.close();
	}

	/**
	 * Ends as a process that dies: the others see
	 * {@link dev.cpg.client.CpgReason#PROCDOWN}. Does nothing if this member has ended.
	 */
	public void kill() {
		this.connection.close();
	}

	/** What it has seen, in the text of a failure. */
	String history() {
		StringBuilder text = new StringBuilder(this + " has received " + received().size() + " messages and seen:");
		changes().forEach((change) -> text.append("\n  left ")
			.append(change.left())
			.append(", joined ")
			.append(change.joined())
			.append(": ")
			.append(change.view()));
		return text.toString();
	}

	@Override
	public String toString() {
		return "member " + this.address;
	}

	private final class Recorder implements CpgListener {

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			synchronized (TestMember.this.changes) {
				TestMember.this.changes.add(change);
			}
		}

		@Override
		public void delivered(CpgMessage message) {
			synchronized (TestMember.this.received) {
				TestMember.this.received.add(message);
			}
			if (!message.local()) {
				react(message);
			}
		}

		private void react(CpgMessage message) {
			try {
				TestMember.this.reaction.accept(message);
			}
			catch (RuntimeException | AssertionError ex) {
				log.error("The reaction of {} to a {} failed", TestMember.this, message, ex);
			}
		}

	}

}

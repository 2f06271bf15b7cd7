package dev.cpg.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's listener was notified of, membership by membership.
 */
final class MemberHistory implements CpgListener {

	private final String name;

	private final List<Membership> memberships = new ArrayList<>();

	private @Nullable CpgConnection connection;

	private int closed;

	/**
	 * Creates it.
	 * @param name what it is called in a printed history
	 */
	MemberHistory(String name) {
		this.name = name;
	}

	void of(CpgConnection connection) {
		this.connection = connection;
	}

	List<Membership> memberships() {
		return this.memberships;
	}

	int closed() {
		return this.closed;
	}

	private Membership current() {
		if (this.memberships.isEmpty()) {
			// An event before the join, which is a violation to be found.
			this.memberships.add(new Membership(this.name, new CpgAddress(0, 0), CpgGroupName.of("none")));
		}
		return this.memberships.get(this.memberships.size() - 1);
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		CpgAddress self = Objects.requireNonNull(this.connection).localAddress();
		if (change.joined().contains(new CpgMember(self, CpgReason.JOIN))) {
			this.memberships.add(new Membership(this.name, self, change.group()));
		}
		current().events.add(new Changed(change));
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		current().events.add(new RingChanged(configuration));
	}

	@Override
	public void delivered(CpgMessage message) {
		current().events.add(new Delivered(Payload.idOf(message.payload()), message.sender(), message.view()));
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		this.closed++;
		if (!this.memberships.isEmpty()) {
			current().ended = true;
		}
	}

	/** From a join to the leave or end. */
	static final class Membership {

		private final String name;

		private final CpgAddress self;

		private final CpgGroupName group;

		private final List<Event> events = new ArrayList<>();

		private boolean ended;

		private Membership(String name, CpgAddress self, CpgGroupName group) {
			this.name = name;
			this.self = self;
			this.group = group;
		}

		CpgGroupName group() {
			return this.group;
		}

		CpgAddress self() {
			return this.self;
		}

		List<Event> events() {
			return this.events;
		}

		/** Returns whether the connection ended; the last events may be missing then. */
		boolean isEnded() {
			return this.ended;
		}

		@Override
		public String toString() {
			return this.name + " as " + this.self + " in " + this.group;
		}

	}

	/** What a listener can be notified of. */
	sealed interface Event {

	}

	/** The members changed. */
	record Changed(CpgConfigurationChange change) implements Event {

		@Override
		public String toString() {
			return "view " + this.change.view() + " left " + this.change.left() + " joined " + this.change.joined();
		}

	}

	/** The ring changed. */
	record RingChanged(CpgTotemConfiguration configuration) implements Event {

		@Override
		public String toString() {
			return "ring " + this.configuration.ring() + " of " + this.configuration.nodeIds();
		}

	}

	/** A message was delivered; its id is -1 if it is not as it was sent. */
	record Delivered(int id, CpgAddress sender, CpgView view) implements Event {

		@Override
		public String toString() {
			return "message " + this.id + " of " + this.sender;
		}

	}

	/** Messages with a number that can be checked. */
	static final class Payload {

		private Payload() {
		}

		static byte[] of(int id, int size) {
			byte[] bytes = new byte[Math.max(Integer.BYTES, size)];
			Arrays.fill(bytes, (byte) id);
			ByteBuffer.wrap(bytes).putInt(id);
			return bytes;
		}

		static int idOf(byte[] bytes) {
			int id = ByteBuffer.wrap(bytes).getInt();
			return Arrays.equals(bytes, of(id, bytes.length)) ? id : -1;
		}

	}

}

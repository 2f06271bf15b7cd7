package dev.cpg.spring.leadership.election;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.leadership.election.ElectionMessage.Claim;
import dev.cpg.spring.leadership.election.ElectionMessage.Renew;
import dev.cpg.spring.leadership.election.ElectionMessage.RoleState;
import dev.cpg.spring.leadership.election.ElectionMessage.State;
import dev.cpg.spring.leadership.election.ElectionMessage.Suspect;
import dev.cpg.spring.leadership.election.ElectionMessage.Yield;
import dev.cpg.spring.message.ControlMessage;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the election's messages, as {@code docs/envelope.md} describes them. All
 * numbers are big-endian. What follows behind a message's content is not looked at, so
 * that later versions can add to it.
 */
final class ElectionCodec {

	/** The version of the messages. */
	static final int VERSION = 1;

	/** The newest version of the rules of choice. */
	static final int RULES = 1;

	private static final int STATE = 1;

	private static final int CLAIM = 2;

	private static final int RENEW = 3;

	private static final int YIELD = 4;

	private static final int SUSPECT = 5;

	private ElectionCodec() {
	}

	static byte[] write(ElectionMessage message) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.write(ControlMessage.head(ControlMessage.ELECTION));
			out.writeByte(VERSION);
			out.writeByte(type(message));
			out.writeLong(message.incarnation());
			if (message instanceof State state) {
				write(out, state);
			}
			else if (message instanceof Claim claim) {
				out.writeLong(claim.digest());
				out.writeLong(claim.token());
				writeText(out, claim.role());
			}
			else if (message instanceof Renew renew) {
				out.writeLong(renew.number());
			}
			else if (message instanceof Yield yielded) {
				out.writeLong(yielded.token());
				out.writeByte(flags(yielded.barred()));
				writeText(out, yielded.role());
			}
			else if (message instanceof Suspect suspect) {
				out.writeLong(suspect.digest());
				out.writeInt((int) suspect.suspect().nodeId());
				out.writeInt((int) suspect.suspect().pid());
				out.writeLong(suspect.heard());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	private static int type(ElectionMessage message) {
		if (message instanceof State) {
			return STATE;
		}
		if (message instanceof Claim) {
			return CLAIM;
		}
		if (message instanceof Renew) {
			return RENEW;
		}
		return (message instanceof Yield) ? YIELD : SUSPECT;
	}

	private static void write(DataOutputStream out, State state) throws IOException {
		out.writeLong(state.number());
		out.writeLong(state.tag());
		out.writeLong(state.clock());
		out.writeLong(state.since());
		out.writeLong(state.lease());
		out.writeByte(flags(state.ready(), state.paired(), state.heard()));
		out.writeByte(state.rules());
		out.writeByte(state.roles().size());
		for (Map.Entry<String, RoleState> entry : state.roles().entrySet()) {
			RoleState role = entry.getValue();
			writeText(out, entry.getKey());
			out.writeInt(role.priority());
			out.writeByte(flags(role.observer(), role.barred(), role.holder()));
			out.writeLong(role.highest());
			out.writeLong(role.live());
		}
	}

	private static void writeText(DataOutputStream out, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		out.writeByte(bytes.length);
		out.write(bytes);
	}

	private static int flags(boolean... flags) {
		int bits = 0;
		for (int i = 0; i < flags.length; i++) {
			bits |= flags[i] ? 1 << i : 0;
		}
		return bits;
	}

	private static boolean flag(int bits, int index) {
		return (bits & 1 << index) != 0;
	}

	/**
	 * Reads a message, whatever its bytes are.
	 * @param message a message of the election, by its head
	 * @return {@code null} if it is of another version or malformed
	 */
	static @Nullable ElectionMessage read(ByteBuffer message) {
		ByteBuffer in = message.duplicate();
		try {
			in.position(in.position() + ControlMessage.HEAD_LENGTH);
			return (in.get() == VERSION) ? read(in, in.get(), in.getLong()) : null;
		}
		catch (BufferUnderflowException | IllegalArgumentException | CharacterCodingException ex) {
			return null;
		}
	}

	private static @Nullable ElectionMessage read(ByteBuffer in, int type, long incarnation)
			throws CharacterCodingException {
		return switch (type) {
			case STATE -> readState(in, incarnation);
			case CLAIM -> {
				long digest = in.getLong();
				long token = in.getLong();
				yield new Claim(incarnation, digest, readText(in), token);
			}
			case RENEW -> new Renew(incarnation, in.getLong());
			case YIELD -> {
				long token = in.getLong();
				int flags = in.get();
				yield new Yield(incarnation, readText(in), token, flag(flags, 0));
			}
			case SUSPECT -> {
				long digest = in.getLong();
				CpgAddress suspect = new CpgAddress(Integer.toUnsignedLong(in.getInt()),
						Integer.toUnsignedLong(in.getInt()));
				yield new Suspect(incarnation, digest, suspect, in.getLong());
			}
			default -> null;
		};
	}

	private static @Nullable State readState(ByteBuffer in, long incarnation) throws CharacterCodingException {
		long number = in.getLong();
		long tag = in.getLong();
		long clock = in.getLong();
		long since = in.getLong();
		long lease = in.getLong();
		int flags = in.get();
		int rules = Byte.toUnsignedInt(in.get());
		int count = Byte.toUnsignedInt(in.get());
		if (count > ElectionSettings.MAX_ROLES || clock < 0 || lease < 0) {
			return null;
		}
		Map<String, RoleState> roles = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			String name = readText(in);
			int priority = in.getInt();
			int bits = in.get();
			RoleState role = new RoleState(priority, flag(bits, 0), flag(bits, 1), flag(bits, 2), in.getLong(),
					in.getLong());
			if (roles.put(name, role) != null) {
				return null;
			}
		}
		return new State(incarnation, number, tag, clock, since, lease, flag(flags, 0), flag(flags, 1), flag(flags, 2),
				rules, roles);
	}

	/** Reads a text, which is not empty. */
	private static String readText(ByteBuffer in) throws CharacterCodingException {
		int length = Byte.toUnsignedInt(in.get());
		if (length == 0 || length > in.remaining()) {
			throw new BufferUnderflowException();
		}
		ByteBuffer bytes = in.slice(in.position(), length);
		in.position(in.position() + length);
		return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
	}

}

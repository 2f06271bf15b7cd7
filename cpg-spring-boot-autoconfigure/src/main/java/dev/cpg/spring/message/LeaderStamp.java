package dev.cpg.spring.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Says of a message that it was sent by the leader of a role, under which token: a header
 * of its envelope, described in {@code docs/envelope.md}.
 *
 * @param role the name of the role
 * @param token the token, positive
 */
public record LeaderStamp(String role, long token) {

	/** What an envelope with a stamp has somewhere in its head. */
	private static final ByteBuffer NAME = ByteBuffer.wrap(CpgMessageHeaders.LEADER.getBytes(StandardCharsets.US_ASCII))
		.asReadOnlyBuffer();

	/**
	 * Returns the header that makes a stamp.
	 */
	public Map<String, String> header() {
		return Map.of(CpgMessageHeaders.LEADER, this.token + " " + this.role);
	}

	/**
	 * Reads the stamp of a message, whatever its bytes are. One that has none is not
	 * copied.
	 * @param message the message, from its position on, where it stays
	 * @return the stamp, {@code null} if there is none, or none that can be read
	 */
	public static @Nullable LeaderStamp of(ByteBuffer message) {
		ByteBuffer head = Envelope.head(message);
		if (head == null || !contains(head)) {
			return null;
		}
		try {
			String value = Envelope.read(head, new byte[0]).headers().get(CpgMessageHeaders.LEADER);
			return (value != null) ? parse(value) : null;
		}
		catch (EnvelopeException ex) {
			// Who reads the message reports it.
			return null;
		}
	}

	private static boolean contains(ByteBuffer head) {
		int length = NAME.capacity();
		for (int i = head.position(); i <= head.limit() - length; i++) {
			if (head.get(i) == NAME.get(0) && head.slice(i, length).equals(NAME)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable LeaderStamp parse(String value) {
		int blank = value.indexOf(' ');
		if (blank < 1) {
			return null;
		}
		try {
			long token = Long.parseLong(value.substring(0, blank));
			return (token > 0) ? new LeaderStamp(value.substring(blank + 1), token) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}

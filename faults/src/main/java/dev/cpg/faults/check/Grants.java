package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.faults.history.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Each grant follows the election of that member, in a quorate ring; grants and
 * revocations alternate; nothing is granted at the end, nor while a member is in no
 * group.
 */
final class Grants implements Check {

	@Override
	public String name() {
		return "grants";
	}

	@Override
	public void check(Round round, Findings findings) {
		round.lives().forEach((life) -> new Reader(round, life, findings).read());
	}

	/** Reads the history of one process. */
	private static final class Reader {

		private final Round round;

		private final Life life;

		private final Findings findings;

		private final Map<String, String> leaders = new HashMap<>();

		private final Map<String, String> granted = new HashMap<>();

		private String self = "";

		private boolean quorate;

		private String ring = "";

		/** A grant that came before the event of the quorum, {@code null} if none did. */
		private @Nullable String early;

		private Reader(Round round, Life life, Findings findings) {
			this.round = round;
			this.life = life;
			this.findings = findings;
		}

		private void read() {
			for (Entry entry : this.life.entries()) {
				switch (entry.kind()) {
					case START -> this.self = entry.text("member");
					case QUORUM -> {
						this.quorate = entry.is("quorate", "true");
						this.early = (this.quorate && entry.is("ring", this.ring)) ? null : this.early;
					}
					case CONF, TOTEM -> ring(entry.find("ring"));
					case LEADER ->
						this.leaders.put(entry.text("role"), entry.text("leader") + " " + entry.find("token"));
					case GRANTED -> granted(entry.text("role"), entry.text("token"), entry.time());
					case REVOKED -> revoked(entry.text("role"), entry.text("token"));
					case DISCONNECTED, END -> {
						ringEnds();
						this.granted.forEach((role, token) -> this.findings
							.wrong("%s is granted '%s' with token %s at its %s", this.life, role, token, entry.kind()));
					}
					default -> {
					}
				}
			}
		}

		private void ring(@Nullable String now) {
			if (now != null && !now.equals(this.ring)) {
				ringEnds();
				this.ring = now;
			}
		}

		private void granted(String role, String token, long time) {
			String before = this.granted.put(role, token);
			this.findings.require(before == null, "%s is granted '%s' with token %s and still has token %s", this.life,
					role, token, before);
			this.findings.require((this.self + " " + token).equals(this.leaders.get(role)),
					"%s is granted '%s' with token %s and was not elected, but %s", this.life, role, token,
					this.leaders.get(role));
			// Grants wait for a listener that is busy, other than changes of the quorum.
			if (!this.quorate && this.round.isHeldUp(this.life, time, time)) {
				this.findings.excused("late");
			}
			else if (!this.quorate) {
				this.early = "'" + role + "' with token " + token;
			}
		}

		/**
		 * The event of the quorum may follow, as it does not come with those of the
		 * group.
		 */
		private void ringEnds() {
			this.findings.require(this.early == null, "%s is granted %s without quorum", this.life, this.early);
			this.early = null;
		}

		private void revoked(String role, String token) {
			String before = this.granted.remove(role);
			this.findings.require(token.equals(before), "%s is revoked '%s' with token %s, and has token %s", this.life,
					role, token, before);
		}

	}

}

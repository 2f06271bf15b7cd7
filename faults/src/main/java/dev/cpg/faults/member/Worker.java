package dev.cpg.faults.member;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

import dev.cpg.faults.history.HistoryWriter;
import dev.cpg.spring.leadership.CpgLeadership;
import org.jspecify.annotations.Nullable;

/**
 * What a leader does: it asks often whether it leads, and writes to the register with its
 * token. Sometimes it goes by an answer that is some seconds old, as a thread does that
 * was stopped after it asked.
 */
final class Worker {

	private static final long SAMPLE_MILLIS = 10;

	private static final long WRITE_MILLIS = 100;

	private static final int LONGEST_DELAY_MILLIS = 4000;

	private static final int ONE_OF_UNCHECKED = 10;

	private final Repeater samples = new Repeater("samples");

	private final Repeater writes = new Repeater("writes");

	private final HistoryWriter history;

	private final List<CpgLeadership> leaderships;

	private final Register register;

	private final Sends sends;

	private final RandomGenerator random;

	Worker(HistoryWriter history, List<CpgLeadership> leaderships, Path register, Sends sends, RandomGenerator random) {
		this.history = history;
		this.leaderships = leaderships;
		this.register = new Register(register);
		this.sends = sends;
		this.random = random;
	}

	void start() {
		this.samples.repeat(this::sample, SAMPLE_MILLIS);
		this.writes.repeat(this::work, WRITE_MILLIS);
	}

	private void sample() {
		this.leaderships.forEach(this::token);
	}

	private OptionalLong token(CpgLeadership leadership) {
		long before = System.nanoTime();
		OptionalLong token = leadership.token();
		if (token.isPresent()) {
			this.history.writeAt(before, "leads", "role", leadership.role(), "token", token.getAsLong(), "until",
					System.nanoTime());
		}
		return token;
	}

	private void work() {
		for (int role = 0; role < this.leaderships.size(); role++) {
			work(role, this.leaderships.get(role));
		}
	}

	private void work(int role, CpgLeadership leadership) {
		long asked = System.nanoTime();
		OptionalLong token = token(leadership);
		if (token.isEmpty()) {
			return;
		}
		if (this.random.nextInt(ONE_OF_UNCHECKED) == 0) {
			this.writes.later(() -> write(role, token.getAsLong(), asked, false),
					this.random.nextInt(LONGEST_DELAY_MILLIS));
		}
		else {
			write(role, token.getAsLong(), asked, true);
		}
		this.sends.sendAsLeader(leadership);
	}

	private void write(int role, long token, long asked, boolean checked) {
		Register.@Nullable Answer answer = this.register.write(role, token);
		if (answer != null) {
			this.history.write("write", "role", this.leaderships.get(role).role(), "token", token, "seq",
					answer.number(), "asked", asked, "checked", checked, "accepted", answer.accepted());
		}
	}

	/** Returns when it does nothing more. */
	void stop() throws InterruptedException {
		this.samples.stop();
		this.writes.stop();
	}

}

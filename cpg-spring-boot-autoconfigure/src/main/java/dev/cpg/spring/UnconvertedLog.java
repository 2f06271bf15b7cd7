package dev.cpg.spring;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

import dev.cpg.client.CpgMessage;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import dev.cpg.spring.message.CpgMessageMapper.Reading;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what is wrong with received messages, once a minute for each kind of problem: who
 * sends bad ones could fill the disk with it otherwise.
 */
final class UnconvertedLog {

	private static final Logger logger = LoggerFactory.getLogger(UnconvertedLog.class);

	private static final long PAUSE = Duration.ofMinutes(1).toNanos();

	private static final int MAX_DETAIL_LENGTH = 500;

	private final Map<Problem, Silence> silences = new EnumMap<>(Problem.class);

	private final LongSupplier clock;

	UnconvertedLog(LongSupplier clock) {
		this.clock = clock;
	}

	synchronized void log(CpgMessage message, Problem problem, Reading reading) {
		Silence silence = this.silences.get(problem);
		long now = this.clock.getAsLong();
		if (silence != null && now - silence.since < PAUSE) {
			silence.count++;
			return;
		}
		long untold = (silence != null) ? silence.count : 0;
		this.silences.put(problem, new Silence(now));
		logger.warn("A {} is {}: {}{}", message, (reading.payload() != null) ? "delivered as bytes" : "skipped",
				printable(reading.detail()),
				(untold > 0) ? "; so were " + untold + " more since this was last said" : "");
	}

	/** The detail may hold what was received, line ends and terminal codes included. */
	private static String printable(@Nullable String detail) {
		String text = String.valueOf(detail);
		text = (text.length() > MAX_DETAIL_LENGTH) ? text.substring(0, MAX_DETAIL_LENGTH) + "..." : text;
		return text.replaceAll("\\p{C}", "?");
	}

	private static final class Silence {

		private final long since;

		private long count;

		Silence(long since) {
			this.since = since;
		}

	}

}

package dev.cpg.spring;

import java.util.function.LongSupplier;

import dev.cpg.client.CpgMessage;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import dev.cpg.client.internal.log.Printable;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import dev.cpg.spring.message.CpgMessageMapper.Reading;

/**
 * Logs what is wrong with received messages, once a minute for each kind of problem:
 * otherwise a sender of bad messages could fill the disk.
 */
final class UnconvertedLog {

	private static final int MAX_DETAIL_LENGTH = 500;

	private final LogLimit limit;

	UnconvertedLog(LongSupplier clock) {
		this.limit = new LogLimit(clock);
	}

	void log(CpgMessage message, Problem problem, Reading reading) {
		this.limit.log(problem,
				(leftOut) -> CpgLog.MESSAGES.warn()
					.with("group", message.group())
					.with("sender", message.sender())
					.with("reason", problem)
					.with("bytes", message.length())
					.log("A {} is {}: {}{}", message, (reading.payload() != null) ? "delivered as bytes" : "skipped",
							Printable.of(reading.detail(), MAX_DETAIL_LENGTH),
							(leftOut > 0) ? "; so were " + leftOut + " more since this was last logged" : ""));
	}

}

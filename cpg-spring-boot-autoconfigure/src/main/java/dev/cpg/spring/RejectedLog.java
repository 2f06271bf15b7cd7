package dev.cpg.spring;

import java.util.Arrays;
import java.util.function.LongSupplier;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import org.jspecify.annotations.Nullable;

/**
 * Logs why messages were not sent, once a minute for each reason and type of payload:
 * many senders never look at the future. Messages that could be sent a moment later, and
 * those that were sent and lost, are not logged: there are many of them while the ring
 * re-forms, and {@code cpg.messages.sent} counts them.
 */
final class RejectedLog {

	private final String group;

	private final LogLimit limit;

	RejectedLog(String group, LongSupplier clock) {
		this.group = group;
		this.limit = new LogLimit(clock);
	}

	/**
	 * A message was not sent, or not delivered.
	 * @param payloadType the type of what the caller passed
	 * @param failure the reason
	 */
	void failed(Class<?> payloadType, Throwable failure) {
		CsError error = (failure instanceof CorosyncException ex) ? ex.error() : null;
		if (failure instanceof CpgSendException || error == CsError.TRY_AGAIN || error == CsError.TIMEOUT) {
			return;
		}
		String type = payloadType.getTypeName();
		this.limit.log(Arrays.asList(reason(failure, error), type),
				(leftOut) -> CpgLog.MESSAGES.warn()
					.with("group", this.group)
					.with("type", type)
					.with("error", error)
					.log("A message was not sent to group '{}', its payload is of type {}: {}{}", this.group, type,
							(error != null) ? failure.getMessage() : failure,
							(leftOut > 0) ? "; nor were " + leftOut + " more since this was last logged" : ""));
	}

	private static Object reason(Throwable failure, @Nullable CsError error) {
		return (error != null) ? error : failure.getClass();
	}

}

package dev.cpg.spring;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.log.LogLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RejectedLogTests {

	private final AtomicLong now = new AtomicLong();

	private final RejectedLog log = new RejectedLog("orders", this.now::get);

	@Test
	void saysEachReasonOfEachTypeOnceAMinuteAndHowManyThereWere(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			this.log.failed(List.class, new CorosyncException(CsError.INVALID_PARAM, "no name"));
			this.log.failed(byte[].class, new CorosyncException(CsError.TOO_BIG, "too large"));
			this.log.failed(byte[].class, new CorosyncException(CsError.NOT_EXIST, "no member"));
			this.log.failed(String.class, new StackOverflowError("a converter's"));
		}
		assertThat(warnings(output)).hasSize(4);
		assertThat(output)
			.contains("A message was not sent to group 'orders', its payload is of type java.util.List: no name")
			.contains("its payload is of type byte[]: too large")
			.contains("its payload is of type byte[]: no member")
			.contains("its payload is of type java.lang.String: java.lang.StackOverflowError: a converter's");
		this.now.addAndGet(LogLimit.PAUSE.toNanos());
		this.log.failed(List.class, new CorosyncException(CsError.INVALID_PARAM, "no name"));
		assertThat(output).contains("; nor were 999 more since");
	}

	@Test
	void isSilentOnWhatCanSucceedAMomentLaterOrHasBeenSent(CapturedOutput output) {
		this.log.failed(byte[].class, new CorosyncException(CsError.TRY_AGAIN, "the ring re-forms"));
		this.log.failed(byte[].class, new CorosyncException(CsError.TIMEOUT, "the ring re-forms"));
		this.log.failed(byte[].class,
				new CpgSendException(CpgSendException.Outcome.LOST, CsError.TRY_AGAIN, "dropped", null));
		assertThat(warnings(output)).isEmpty();
	}

	@Test
	void theReasonCannotWriteLinesOfItsOwn(CapturedOutput output) {
		this.log.failed(byte[].class, new CorosyncException(CsError.INVALID_PARAM, "a\u2028b\nc"));
		assertThat(output).contains(": a?b?c (CS_ERR_INVALID_PARAM)");
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains(" WARN ")).toList();
	}

}

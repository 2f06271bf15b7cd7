package dev.cpg.spring;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import dev.cpg.spring.message.CpgMessageMapper.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UnconvertedLogTests {

	private final AtomicLong now = new AtomicLong();

	private final UnconvertedLog log = new UnconvertedLog(this.now::get);

	@Test
	void saysEachKindOfProblemOnceAMinuteAndHowManyThereWere(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			log(Problem.MALFORMED, "it ends");
			log(Problem.TYPE_NOT_ALLOWED, "no type");
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(2);
		this.now.addAndGet(Duration.ofMinutes(1).toNanos());
		log(Problem.MALFORMED, "it ends");
		assertThat(output).contains("from 2/200").contains("; so were 999 more");
	}

	@Test
	void whatWasReceivedCannotWriteLinesOfItsOwn(CapturedOutput output) {
		log(Problem.TYPE_NOT_ALLOWED, "no type 'x\n2026 ERROR \u001b[31m" + "y".repeat(10_000) + "'");
		assertThat(output.toString().strip().lines()).hasSize(1);
		assertThat(output).doesNotContain("\u001b[31m").hasSizeLessThan(1000);
	}

	private void log(Problem problem, String detail) {
		CpgMessage message = new CpgMessage(CpgGroupName.of("orders"), CpgView.NONE, new CpgAddress(2, 200), false,
				new byte[5]);
		this.log.log(message, problem, new Reading(null, null, Map.of(), problem, detail));
	}

}

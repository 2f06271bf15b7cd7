package dev.cpg.spring;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class FailureLogTests {

	private final AtomicLong now = new AtomicLong();

	private final FailureLog log = new FailureLog("orders", this.now::get);

	@Test
	void saysAReasonAgainEveryFiveMinutesWithTheLatestText(CapturedOutput output) {
		refused(Reason.NOT_RUNNING, "first");
		this.now.addAndGet(Duration.ofMinutes(4).toNanos());
		refused(Reason.NOT_RUNNING, "second");
		this.now.addAndGet(Duration.ofMinutes(1).toNanos());
		refused(Reason.NOT_RUNNING, "third");
		refused(Reason.NOT_RUNNING, "fourth");
		assertThat(warnings(output)).hasSize(2);
		assertThat(output)
			.contains("Not a member of group 'orders'; will keep trying in the background: first (CS_ERR_")
			.contains("Still not a member of group 'orders'; will keep trying in the background: third (CS_ERR_");
	}

	@Test
	void saysEachChangeOfTheReason(CapturedOutput output) {
		refused(Reason.NOT_RUNNING, "no daemon");
		refused(Reason.NOT_READY, "not yet");
		this.log.failed(new CorosyncException(CsError.TRY_AGAIN, "no join"));
		this.log.failed(new CorosyncException(CsError.EXIST, "there already"));
		this.log.failed(new CorosyncException(CsError.EXIST, "there already, too"));
		refused(Reason.NOT_RUNNING, "no daemon");
		assertThat(warnings(output)).hasSize(5);
	}

	@Test
	void saysTheSameReasonAnewAfterAJoin(CapturedOutput output) {
		refused(Reason.NOT_RUNNING, "no daemon");
		this.log.joined();
		refused(Reason.NOT_RUNNING, "no daemon");
		assertThat(warnings(output)).hasSize(2);
		assertThat(output).doesNotContain("Still");
	}

	@Test
	void whatIsNoErrorOfTheClusterIsDistinguishedByItsClassAndHasItsStackTrace(CapturedOutput output) {
		this.log.failed(new IllegalStateException("file 1"));
		this.log.failed(new IllegalStateException("file 2"));
		this.log.failed(new OutOfMemoryError("no threads"));
		assertThat(warnings(output)).hasSize(2);
		assertThat(output).contains("IllegalStateException: file 1").contains("at dev.cpg.spring.FailureLogTests");
	}

	@Test
	void promisesNothingWhereThisProcessCannotBecomeAMember(CapturedOutput output) {
		refused(Reason.NATIVE_LIBRARY, "no library");
		refused(Reason.UNSUPPORTED_PLATFORM, "no Linux");
		assertThat(output).contains("; restart this process to join: no library")
			.contains("; this platform is not supported: no Linux")
			.doesNotContain("keep trying");
	}

	private void refused(Reason reason, String message) {
		this.log.failed(new CorosyncConnectException(reason, CsError.LIBRARY, message, null));
	}

	private static Iterable<String> warnings(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains(" WARN ")).toList();
	}

}

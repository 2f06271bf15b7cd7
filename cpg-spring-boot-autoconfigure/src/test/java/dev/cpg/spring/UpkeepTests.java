package dev.cpg.spring;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class UpkeepTests {

	@Test
	void aTaskThatFailsIsLoggedAndPreventsNoOther(CapturedOutput output) {
		MembershipThread thread = new MembershipThread("a-membership");
		int[] performed = new int[1];
		Upkeep upkeep = new Upkeep(thread, () -> {
			throw new OutOfMemoryError("of a task");
		}, () -> ++performed[0]);
		assertThat(upkeep.until(() -> performed[0] == 2, TimeLimit.in(Duration.ofSeconds(10)))).isTrue();
		assertThat(output.toString().lines().filter((line) -> line.contains("has failed, and is tried again")))
			.hasSize(1);
	}

}

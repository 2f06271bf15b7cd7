package dev.cpg.spring.leadership.election;

import java.util.List;
import java.util.stream.Stream;

import dev.cpg.boot.autoconfigure.ChildJvm;
import dev.cpg.client.CpgReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class RehearsalTests {

	private static final String OVER = "the rehearsal is over";

	@Test
	void eachRoundGrantsEveryMemberAndTheLastOneTwice() {
		assertThat(Rehearsal.run()).isEqualTo(5 * 4);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void nobodyIsNotifiedOfIt(CapturedOutput output) {
		Rehearsal.run();
		assertThat(output).isEmpty();
	}

	@Test
	void theElectionAfterItLoadsNothing() throws Exception {
		String output = new ChildJvm().option("-Xlog:class+load").run(Service.class);
		List<String> lines = output.lines().toList();
		assertThat(lines).contains("leader 2/1002").anyMatch(RehearsalTests::isOfTheElection);
		assertThat(lines.subList(lines.indexOf(OVER), lines.size())).noneMatch(RehearsalTests::isOfTheElection);
	}

	private static boolean isOfTheElection(String line) {
		String name = line.replaceAll("\\[[^]]*]", "").strip();
		return name.startsWith("dev.cpg.spring.leadership.")
				&& Stream.of(TestGroup.class, TestActions.class, Service.class)
					.noneMatch((test) -> name.startsWith(test.getName()));
	}

	/** Its leader dies when nothing else is new to the JVM. */
	static final class Service {

		private Service() {
		}

		public static void main(String[] args) {
			TestGroup group = new TestGroup();
			Rehearsal.run();
			System.out.println(OVER);
			group.join(1);
			group.join(2);
			group.join(3);
			group.leave(group.leaders().get(0), CpgReason.PROCDOWN);
			System.out.println("leader " + group.leaders().get(0));
		}

	}

}

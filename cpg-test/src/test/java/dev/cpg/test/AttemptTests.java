package dev.cpg.test;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AttemptTests {

	@Test
	void aDecidedResultIsKeptAndAnUndecidedOneIsTriedAgain() {
		Queue<Attempt> results = new ArrayDeque<>(List.of(Attempt.undecided("busy"), Attempt.undecided("busy still"),
				Attempt.succeeded(), Attempt.failed("never asked")));
		Attempt.Once once = new Attempt.Once(results::remove);

		assertThat(once.get()).contains("busy");
		assertThat(once.get()).contains("busy still");
		assertThat(once.get()).isEmpty();
		assertThat(once.get()).isEmpty();
		assertThat(results).hasSize(1);
	}

	@Test
	void anInterruptedThreadGetsTheResultAndStaysInterrupted() {
		String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";
		Attempt undisturbed = Availability.reason(path);
		Thread.currentThread().interrupt();
		try {
			assertThat(Availability.reason(path)).isEqualTo(undisturbed);
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

}

package dev.cpg.client.corosync;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of sends that have ended, in their order.
 *
 * @param outcomes one for each send, {@code null} for a delivered one
 */
record SendTally(List<@Nullable Outcome> outcomes) {

	static SendTally of(List<CompletableFuture<CpgView>> sends) {
		return new SendTally(sends.stream().<@Nullable Outcome>map(SendTally::outcome).toList());
	}

	private static @Nullable Outcome outcome(CompletableFuture<CpgView> send) {
		if (!send.isDone()) {
			throw new AssertionError("A send is not done");
		}
		@Nullable Outcome[] outcome = new Outcome[1];
		send.exceptionally((ex) -> {
			outcome[0] = ((CpgSendException) ex).outcome();
			return CpgView.NONE;
		}).join();
		return outcome[0];
	}

	int delivered() {
		return count(null);
	}

	int lost() {
		return count(Outcome.LOST);
	}

	int unknown() {
		return count(Outcome.UNKNOWN);
	}

	private int count(@Nullable Outcome outcome) {
		return (int) this.outcomes.stream().filter((each) -> each == outcome).count();
	}

	/**
	 * Returns whether a member can have received exactly these messages, in this order,
	 * if the outcomes are true: no lost one, and all delivered ones if it must have
	 * those.
	 */
	boolean allows(List<String> sent, List<String> got, boolean allDelivered) {
		// The numbers of received messages that fit the sends so far.
		boolean[] possible = new boolean[got.size() + 1];
		possible[0] = true;
		for (int i = 0; i < sent.size(); i++) {
			String text = sent.get(i);
			Outcome outcome = this.outcomes.get(i);
			boolean mayMiss = outcome != null || !allDelivered;
			boolean mayCome = outcome != Outcome.LOST;
			boolean[] before = Arrays.copyOf(possible, possible.length);
			IntStream.range(0, possible.length)
				.forEach((count) -> possible[count] = (mayMiss && before[count])
						|| (mayCome && count > 0 && before[count - 1] && got.get(count - 1).equals(text)));
		}
		return possible[got.size()];
	}

}

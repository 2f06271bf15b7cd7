package dev.cpg.client.internal.cpg.outcome;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random sends of few contents, with random losses and limits, against an oracle that
 * tries all ways in which what came back can be assigned to what was sent.
 */
class OutcomeCertaintyTests {

	private static final int CASES = 3_000;

	@ParameterizedTest(name = "{0} contents, {1} of 10 lost, {2} of 10 given up")
	@CsvSource({ "1, 3, 0", "1, 3, 3", "2, 0, 0", "2, 3, 0", "2, 3, 3", "2, 0, 5", "3, 3, 0", "3, 4, 3", "4, 2, 2" })
	void everyOutcomeIsTrueAndWhatIsCertainIsDecided(int contents, int lost, int givenUp) {
		Random random = new Random(31L * contents + 7L * lost + givenUp);
		long decided = 0;
		for (int i = 0; i < CASES; i++) {
			decided += new Run(random, contents, lost, givenUp).run("case " + i);
		}
		assertThat(decided).as("certain before the end").isGreaterThan(CASES / 2);
	}

	/** One random story of a connection. */
	private static final class Run {

		private static final long NEVER_DUE = 1_000_000;

		private final Random random;

		private final int contents;

		private final int lost;

		private final int givenUp;

		private final PendingSends pending = new PendingSends(SendFuture::report, (due) -> {
		});

		private final List<Send> sends = new ArrayList<>();

		private final List<ListenerDispatcher> deliveries = new ArrayList<>();

		/** What the daemon has and will deliver. */
		private final Deque<Send> coming = new ArrayDeque<>();

		private long now;

		/** The place of the last send that was certainly delivered. */
		private int closed = -1;

		Run(Random random, int contents, int lost, int givenUp) {
			this.random = random;
			this.contents = contents;
			this.lost = lost;
			this.givenUp = givenUp;
		}

		long run(String name) {
			int steps = 4 + this.random.nextInt(14);
			int atOnce = 1 + this.random.nextInt(5);
			for (int step = 0; step < steps; step++) {
				int action = this.random.nextInt(10);
				if (action < 5 && this.coming.size() < atOnce && this.sends.size() < 9) {
					send();
				}
				else if (action < 9) {
					deliver();
				}
				else {
					this.pending.expire(++this.now);
				}
				if (this.random.nextInt(3) > 0) {
					this.pending.settle();
					check(name, false);
				}
			}
			this.pending.settle();
			check(name, false);
			long decided = this.sends.stream().filter((send) -> send.future.isDecided()).count();
			if (this.random.nextBoolean()) {
				this.pending.allUnknown("the connection ended", null);
				this.sends.forEach((send) -> assertTrue(name, send));
			}
			else {
				while (!this.coming.isEmpty()) {
					deliver();
				}
				this.pending.allLost();
				check(name, true);
			}
			return decided;
		}

		private void send() {
			int content = this.random.nextInt(this.contents);
			long due = (this.random.nextInt(10) < this.givenUp) ? this.now + 1 + this.random.nextInt(3) : NEVER_DUE;
			// All in one slot of the index.
			Send send = new Send(content, this.random.nextInt(10) < this.lost,
					new SendFuture(content, (long) content << 32, due));
			this.pending.append(send.future);
			if (this.random.nextInt(12) == 0) {
				this.pending.withdraw(send.future);
				return;
			}
			this.sends.add(send);
			if (!send.lost) {
				this.coming.add(send);
			}
		}

		private void deliver() {
			Send send = this.coming.poll();
			if (send != null) {
				CpgView view = new CpgView(new RingId(1, this.deliveries.size()), List.of(new CpgAddress(1, 1)));
				send.deliveredIn = view;
				this.deliveries.add(new ListenerDispatcher(send.content, this.sends.size(), view));
				this.pending.delivered(send.content, (long) send.content << 32, view);
				this.closed = Math.max(this.closed, new Oracle(this.sends, this.deliveries).certainLast());
			}
		}

		private void check(String name, boolean over) {
			Oracle oracle = new Oracle(this.sends, this.deliveries);
			this.closed = Math.max(this.closed, oracle.lastDelivered());
			for (int i = 0; i < this.sends.size(); i++) {
				Send send = this.sends.get(i);
				assertTrue(name, send);
				boolean closed = over || i <= this.closed;
				if (oracle.isDelivered(i)) {
					assertThat(send.decided()).as("%s: %d is certain of %s", name, i, this).isNotEqualTo(null);
				}
				else if (oracle.isLost(i, over)) {
					assertThat(send.decided()).as("%s: %d is certain of %s", name, i, this)
						.isIn(Outcome.LOST, Outcome.UNKNOWN);
				}
				else if (closed) {
					assertThat(send.decided()).as("%s: %d stays open of %s", name, i, this).isEqualTo(Outcome.UNKNOWN);
				}
				if (send.decided() == Outcome.UNKNOWN) {
					boolean due = send.future.deadline() <= this.now;
					boolean certain = oracle.isDelivered(i) || oracle.isLost(i, over);
					assertThat(due || (closed && !certain)).as("%s: %d unknown without need, of %s", name, i, this)
						.isTrue();
				}
			}
		}

		private void assertTrue(String name, Send send) {
			Object decided = send.decided();
			if (decided instanceof CpgView) {
				assertThat(decided).as("%s: %s", name, this).isEqualTo(send.deliveredIn);
			}
			else if (decided == Outcome.LOST) {
				assertThat(send.lost).as("%s: %s", name, this).isTrue();
			}
		}

		@Override
		public String toString() {
			return this.sends + " and " + this.deliveries;
		}

	}

	/** Tries everything. */
	private static final class Oracle {

		private final List<Send> sends;

		private final List<ListenerDispatcher> deliveries;

		private int ways;

		private final int[] waysWith;

		private final boolean[] mayFollow;

		private int lastFrom = Integer.MAX_VALUE;

		private int lastTo = -1;

		Oracle(List<Send> sends, List<ListenerDispatcher> deliveries) {
			this.sends = sends;
			this.deliveries = deliveries;
			this.waysWith = new int[sends.size()];
			this.mayFollow = new boolean[sends.size()];
			assign(0, new int[deliveries.size()]);
		}

		private void assign(int delivery, int[] places) {
			int from = (delivery == 0) ? 0 : places[delivery - 1] + 1;
			if (delivery == places.length) {
				this.ways++;
				for (int place : places) {
					this.waysWith[place]++;
				}
				for (int i = from; i < this.mayFollow.length; i++) {
					this.mayFollow[i] = true;
				}
				this.lastFrom = Math.min(this.lastFrom, from - 1);
				this.lastTo = Math.max(this.lastTo, from - 1);
				return;
			}
			for (int i = from; i < this.deliveries.get(delivery).known; i++) {
				if (this.sends.get(i).content == this.deliveries.get(delivery).content) {
					places[delivery] = i;
					assign(delivery + 1, places);
				}
			}
		}

		boolean isDelivered(int send) {
			return this.waysWith[send] == this.ways;
		}

		boolean isLost(int send, boolean over) {
			return this.waysWith[send] == 0 && (over || !this.mayFollow[send]);
		}

		/** Returns the place of the last send that was certainly delivered, or -1. */
		int lastDelivered() {
			int place = this.sends.size() - 1;
			while (place >= 0 && !isDelivered(place)) {
				place--;
			}
			return place;
		}

		/** Returns the place of the last delivery, -1 if it is not certain. */
		int certainLast() {
			return (this.lastFrom == this.lastTo) ? this.lastTo : -1;
		}

	}

	private record ListenerDispatcher(int content, int known, CpgView view) {

		@Override
		public String toString() {
			return this.content + "<" + this.known;
		}

	}

	private static final class Send {

		private final int content;

		private final boolean lost;

		private final SendFuture future;

		private @Nullable CpgView deliveredIn;

		Send(int content, boolean lost, SendFuture future) {
			this.content = content;
			this.lost = lost;
			this.future = future;
		}

		/** Returns the view, the outcome, or {@code null}. */
		@Nullable Object decided() {
			if (!this.future.isDone()) {
				return null;
			}
			Throwable[] failure = new Throwable[1];
			CpgView view = this.future.exceptionally((ex) -> {
				failure[0] = ex;
				return null;
			}).join();
			return (view != null) ? view : ((CpgSendException) failure[0]).outcome();
		}

		@Override
		public String toString() {
			return this.content + (this.lost ? "-" : "") + ":" + decided();
		}

	}

}

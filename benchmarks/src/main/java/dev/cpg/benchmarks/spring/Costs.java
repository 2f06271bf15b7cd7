package dev.cpg.benchmarks.spring;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;

/**
 * What a message costs on average: processor time and bytes allocated, by all threads but
 * the cluster's.
 *
 * @param send from the send until its outcome is known, and the message waits for the
 * listener
 * @param delivery from then on until the listener has returned
 */
record Costs(Cost send, Cost delivery) {

	/** So few that no send waits for another one. */
	private static final int BURST = 500;

	/**
	 * Has the member send messages, and then deliver them.
	 * @param brake of their cluster
	 * @param messages how many, a multiple of 500
	 */
	static Costs measure(Member member, Brake brake, int messages) {
		member.receiver().hold(messages);
		Spent start = Spent.now();
		for (int i = 0; i < messages; i += BURST) {
			send(member, brake);
		}
		Spent sent = Spent.now();
		member.receiver().release();
		Spent delivered = Spent.now();
		return new Costs(Cost.of(start, sent, messages), Cost.of(sent, delivered, messages));
	}

	private static void send(Member member, Brake brake) {
		brake.hold();
		CompletableFuture<CpgView> last = member.send();
		for (int i = 1; i < BURST; i++) {
			last = member.send();
		}
		brake.release();
		last.join();
	}

	/**
	 * What one message costs.
	 *
	 * @param nanos processor time
	 * @param bytes bytes allocated
	 */
	record Cost(double nanos, double bytes) {

		static Cost of(Spent before, Spent after, int messages) {
			return new Cost((double) after.nanosSince(before) / messages, (double) after.bytesSince(before) / messages);
		}

	}

}

package dev.cpg.client.internal.cpg.outcome;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cpg.client.CpgView;

/**
 * Own messages that came back and may be any of several equal ones, in their order, and
 * what follows from them.
 * <p>
 * Own messages come back in the order sent, some may be missing, and all that is known of
 * one is its content. So the deliveries stand for sends of the same contents in the same
 * order, none later than the last one that had been sent when the delivery was read.
 * Among all ways to assign them there is one in which each delivery stands for the
 * earliest send possible, and one with the latest, and whatever lies between the two and
 * is equal is possible, too. Therefore
 * <ul>
 * <li>a send was certainly delivered if it is the earliest and the latest of one
 * delivery,</li>
 * <li>it was certainly lost if it lies before the earliest of the last delivery, as all
 * that follow are behind that, and between the earliest and the latest of no equal
 * delivery,</li>
 * <li>anything else is not known, and may become so by later deliveries, which only move
 * the latest ones forward in the queue.</li>
 * </ul>
 * Used by whoever reads the events, so by one thread at a time.
 */
final class OwnDeliveries {

	/** Deliveries that decide nothing are looked through when they have doubled. */
	private static final int MIN_REVIEW = 256;

	private final List<OwnDelivery> deliveries = new ArrayList<>();

	/** The sends that the deliveries may stand for; used while it decides. */
	private final List<SendFuture> window = new ArrayList<>();

	private final Verdicts verdicts;

	/** Whether more may be certain than was found so far. */
	private boolean unsettled;

	/** Whether they are of several contents: each may say something of all before. */
	private boolean mixed;

	private int reviewAt = MIN_REVIEW;

	OwnDeliveries(Verdicts verdicts) {
		this.verdicts = verdicts;
	}

	boolean isEmpty() {
		return this.deliveries.isEmpty();
	}

	/** Returns the earliest send that the last delivery may stand for. */
	SendFuture last() {
		return this.deliveries.get(this.deliveries.size() - 1).earliest;
	}

	/**
	 * Returns the latest send that the last delivery may stand for, as of the last
	 * {@link #decide}.
	 */
	SendFuture latest() {
		return this.deliveries.get(this.deliveries.size() - 1).latest;
	}

	/**
	 * Adds a delivery.
	 * @param earliest the first send behind {@link #last()} that it may stand for
	 * @param known the number of the last send at that time
	 * @param view the view
	 * @param skipped whether sends lie between the two
	 */
	void add(SendFuture earliest, long known, CpgView view, boolean skipped) {
		this.mixed |= !isEmpty() && !last().matches(earliest);
		this.deliveries.add(new OwnDelivery(earliest, known, view));
		this.unsettled |= skipped || this.mixed || this.deliveries.size() >= this.reviewAt;
	}

	boolean isUnsettled() {
		return this.unsettled;
	}

	/**
	 * Decides what is certain.
	 * @param first the first send that any delivery may stand for
	 * @param complete whether no delivery follows
	 */
	void decide(SendFuture first, boolean complete) {
		this.unsettled = false;
		fillWindow(first);
		findLatest();
		SendFuture last = last();
		Map<Content, OwnDelivery> equals = new HashMap<>();
		int next = 0;
		for (SendFuture send : this.window) {
			Content content = new Content(send.length(), send.hash());
			if (next < this.deliveries.size() && this.deliveries.get(next).earliest == send) {
				OwnDelivery delivery = this.deliveries.get(next++);
				equals.put(content, delivery);
				if (delivery.latest == send) {
					this.verdicts.delivered(send, delivery.view);
				}
			}
			else if (complete || send.number() < last.number()) {
				// Of the equal deliveries before it, the last one reaches farthest.
				OwnDelivery equal = equals.get(content);
				if (equal == null || equal.latest.number() < send.number()) {
					this.verdicts.lost(send);
				}
			}
		}
		this.window.clear();
	}

	/** All sends from the first one to the latest of the last delivery. */
	private void fillWindow(SendFuture first) {
		SendFuture latest = last().lastEqualUpTo(this.deliveries.get(this.deliveries.size() - 1).known);
		SendFuture send = first;
		while (send != latest) {
			this.window.add(send);
			send = Objects.requireNonNull(send.next());
		}
		this.window.add(latest);
	}

	/** From the last delivery to the first, each before the one behind it. */
	private void findLatest() {
		long base = this.window.get(0).number();
		int at = this.window.size();
		for (int i = this.deliveries.size() - 1; i >= 0; i--) {
			OwnDelivery delivery = this.deliveries.get(i);
			at = (int) Math.min(at - 1, delivery.known - base);
			while (!mayBe(delivery, this.window.get(at))) {
				at--;
			}
			delivery.latest = this.window.get(at);
		}
	}

	private static boolean mayBe(OwnDelivery delivery, SendFuture send) {
		return send == delivery.earliest || (send.matches(delivery.earliest) && !send.isWithdrawn());
	}

	/**
	 * Returns the number of the last send that was certainly delivered, as of the last
	 * {@link #decide}; 0 if none was. No later delivery says more of what lies before it.
	 */
	long certainUpTo() {
		for (int i = this.deliveries.size() - 1; i >= 0; i--) {
			OwnDelivery delivery = this.deliveries.get(i);
			if (delivery.earliest == delivery.latest) {
				return delivery.latest.number();
			}
		}
		return 0;
	}

	/**
	 * Forgets deliveries that concern only sends which are decided, after
	 * {@link #decide}.
	 * @param head the one before the first send that any delivery may stand for
	 * @return the last send that is not needed any more; all up to it are decided
	 */
	SendFuture forgetDecided(SendFuture head) {
		SendFuture last = last();
		int forgotten = 0;
		SendFuture send = head.next();
		while (send != null && send.isDecided() && forgotten < this.deliveries.size()) {
			if (this.deliveries.get(forgotten).latest == send) {
				forgotten++;
			}
			send = send.next();
		}
		this.deliveries.subList(0, forgotten).clear();
		this.reviewAt = Math.max(MIN_REVIEW, 2 * this.deliveries.size());
		if (isEmpty()) {
			this.mixed = false;
			return last;
		}
		SendFuture before = head;
		while (before.next() != this.deliveries.get(0).earliest) {
			before = Objects.requireNonNull(before.next());
		}
		return before;
	}

	void clear() {
		this.deliveries.clear();
		this.mixed = false;
		this.unsettled = false;
		this.reviewAt = MIN_REVIEW;
	}

	/** Takes what was found to be certain; the same may be found again. */
	interface Verdicts {

		void delivered(SendFuture send, CpgView view);

		void lost(SendFuture send);

	}

	private record Content(int length, long hash) {

	}

	private static final class OwnDelivery {

		private final SendFuture earliest;

		private final long known;

		private final CpgView view;

		private SendFuture latest;

		OwnDelivery(SendFuture earliest, long known, CpgView view) {
			this.earliest = earliest;
			this.known = known;
			this.view = view;
			this.latest = earliest;
		}

	}

}

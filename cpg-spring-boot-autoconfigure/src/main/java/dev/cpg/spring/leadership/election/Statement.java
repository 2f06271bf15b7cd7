package dev.cpg.spring.leadership.election;

/**
 * When this member says how it stands: as soon as an exchange begins, and whenever that
 * changes. One message is under way at a time: many members may join at once, and each
 * does so to each.
 */
final class Statement {

	private long number;

	/** Whether there is something to say that was not sent. */
	private boolean due;

	/** Whether something was said in the present exchange. */
	private boolean stated;

	private boolean underWay;

	/** An exchange begins. */
	void begin() {
		this.stated = false;
		this.due = true;
	}

	/** There is something else to say, in this exchange or at the begin of the next. */
	void changed() {
		this.due = true;
	}

	/** What is under way will not come back. */
	void lost() {
		this.underWay = false;
	}

	/** A message has come back. */
	void returned(long returned) {
		if (returned == this.number) {
			this.underWay = false;
		}
	}

	boolean isDue() {
		return this.due;
	}

	boolean isStated() {
		return this.stated;
	}

	/**
	 * Returns whether to send one. While a claim is under way it waits: what it says then
	 * could be delivered behind the claim, and would deny it.
	 */
	boolean isSent(boolean claiming) {
		return this.due && !this.underWay && !(this.stated && claiming);
	}

	/** It is sent. Returns its number. */
	long send() {
		this.due = false;
		this.stated = true;
		this.underWay = true;
		return ++this.number;
	}

}

package dev.cpg.client.internal.cpg.delivery;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;

/**
 * Keeps the members that surely get a message of this member which comes in fragments:
 * those that were there at its first fragment and stayed until its last. A member that
 * joined in between is in the view of the last fragment, but cannot put the message
 * together.
 */
final class FragmentRecipients {

	private List<CpgAddress> members = List.of();

	/** The first fragment was delivered; one before that had no last is void. */
	void begin(CpgView view) {
		this.members = view.members();
	}

	/** The members changed. */
	void change(ViewChange change) {
		if (!this.members.isEmpty()) {
			this.members = this.members.stream().filter(change::stayed).toList();
		}
	}

	/**
	 * The last fragment was delivered.
	 * @param view the view in which it was delivered
	 * @return that view, with only the members that have all fragments
	 */
	CpgView end(CpgView view) {
		CpgView of = new CpgView(view.ring(), this.members, view.quorum());
		this.members = List.of();
		return of;
	}

}

package dev.cpg.client.internal.cpg;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgView;

/**
 * Who surely gets this member's own message that comes in fragments: the members at its
 * first fragment that are still there at its last. A member that joined in between is in
 * the view of the last fragment, and cannot put the message together.
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
	 * @param view the view in which it was
	 * @return this view with the members that have all fragments
	 */
	CpgView end(CpgView view) {
		CpgView of = new CpgView(view.ring(), this.members);
		this.members = List.of();
		return of;
	}

}

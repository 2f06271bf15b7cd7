package dev.cpg.demo;

import dev.cpg.client.CpgView;

/**
 * The view that a message was delivered in.
 *
 * @param ring the ring
 * @param members the number of members that the group had
 */
public record Delivered(String ring, int members) {

	/**
	 * Describes a view.
	 * @param view the view
	 */
	public static Delivered in(CpgView view) {
		return new Delivered(view.ring().toString(), view.members().size());
	}

}

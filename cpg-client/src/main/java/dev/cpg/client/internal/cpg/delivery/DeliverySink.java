package dev.cpg.client.internal.cpg.delivery;

/**
 * Takes what was decoded, in order.
 */
interface DeliverySink {

	/**
	 * Returns whether a message is used only until the next one is decoded, so that its
	 * bytes may be lent.
	 */
	boolean lends();

	void accept(Delivery delivery);

}

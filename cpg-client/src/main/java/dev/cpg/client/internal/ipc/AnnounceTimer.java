package dev.cpg.client.internal.ipc;

/**
 * Announces later what could not be announced at once. A connection whose events are read
 * has one; see {@link IpcConnection#withEvents}.
 */
@FunctionalInterface
public interface AnnounceTimer {

	/**
	 * Asks for {@link IpcConnection#tryAnnounce()} to be called soon, and at short
	 * intervals until that returns {@code true}. Any thread may ask, at any time and for
	 * each frame that it sends, so this is cheap where it was asked before.
	 */
	void announceLater();

}

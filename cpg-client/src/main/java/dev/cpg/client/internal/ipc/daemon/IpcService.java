package dev.cpg.client.internal.ipc.daemon;

/**
 * A service of the daemon.
 *
 * @param name the name under which it listens
 * @param leastFrameSize the length of the longest frame that its clients must be able to
 * send, in bytes
 */
public record IpcService(String name, int leastFrameSize) {

}

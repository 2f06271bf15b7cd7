package dev.cpg.demo.cluster;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgView;
import dev.cpg.spring.leadership.CpgLeadership;

/**
 * A member of the group that can be made to send.
 */
sealed interface Member permits ScriptedMember, ServiceMember {

	/** Returns its lane on the time line. */
	Lane lane();

	/**
	 * Sends a message.
	 * @param text the message
	 * @return its outcome, as that of
	 * {@link dev.cpg.client.CpgConnection#multicast(byte[])}
	 */
	CompletableFuture<CpgView> send(String text);

	/** Returns its part in the election of the leader. */
	CpgLeadership leadership();

}

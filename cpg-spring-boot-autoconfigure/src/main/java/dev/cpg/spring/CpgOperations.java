package dev.cpg.spring;

import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;

/**
 * Sending to the group.
 * <p>
 * Any thread may send, listeners of events included. Whatever goes wrong with a message
 * is told by the future that its sending returns, never by an exception of the call:
 * <ul>
 * <li>a {@link CpgSendException} with {@link Outcome#LOST}: no member got it, and none
 * will; it may be sent again
 * <li>a {@link CpgSendException} with {@link Outcome#UNKNOWN}: the connection ended, or
 * the time limit passed, before it was known
 * <li>any other {@link CpgException}: the message was not sent at all, because this
 * service is not a member at the moment ({@link CsError#NOT_EXIST}), the message is too
 * large ({@link CsError#TOO_BIG}) or the cluster takes none ({@link CsError#TRY_AGAIN})
 * </ul>
 * The call waits while the cluster takes no messages, at most for
 * {@code cpg.template.send-timeout}; it does not wait for the delivery.
 */
public interface CpgOperations {

	/**
	 * Sends bytes to all members, this one included.
	 * @param message the bytes, possibly none; may be used again when the call returns
	 * @return completes with the view in which the message was delivered to this member
	 */
	CompletableFuture<CpgView> multicast(byte[] message);

	/**
	 * Sends a text's UTF-8 bytes to all members, this one included.
	 * @param message the text
	 * @return completes with the view in which the message was delivered to this member
	 */
	CompletableFuture<CpgView> multicast(String message);

}

package dev.cpg.spring;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.spring.message.CpgMessageHeaders;
import dev.cpg.spring.message.CpgMessageType;

/**
 * Sends messages to the group.
 * <p>
 * Any thread may send, listeners of events included. A message that cannot be sent, or is
 * not delivered, fails the future that its sending returns. No call throws an exception,
 * whatever its arguments are. The future fails with:
 * <ul>
 * <li>a {@link CpgSendException} with {@link Outcome#LOST}: no member got the message,
 * and none will; it may be sent again
 * <li>a {@link CpgSendException} with {@link Outcome#UNKNOWN}: the connection ended or
 * the time limit passed before the outcome was known, or it cannot be decided which of
 * several equal messages came back
 * <li>any other {@link CorosyncException}: the message was not sent. This service is not
 * a member at the moment ({@link CsError#NOT_EXIST}), the message is too large
 * ({@link CsError#TOO_BIG}), the cluster accepts no messages ({@link CsError#TRY_AGAIN}),
 * an argument is {@code null}, or the payload or a header cannot be converted
 * ({@link CsError#INVALID_PARAM})
 * </ul>
 * The call waits while the cluster accepts no messages, at most for
 * {@code cpg.template.send-timeout}. It does not wait for the delivery.
 * <p>
 * The view that a future completes with names the members that got the message, as long
 * as the nodes stay together, and says whether its ring was known to be quorate then. A
 * message over about 1 MB is sent in fragments. Its view names the members since the
 * first fragment: one that joined before the last is left out.
 */
public interface CpgOperations {

	/**
	 * Sends bytes as they are to all members, this one included. Programs that use libcpg
	 * understand them, too.
	 * @param message the bytes, possibly none; the array may be reused when the call
	 * returns
	 * @return completes with the view in which the message was delivered to this member
	 */
	CompletableFuture<CpgView> multicast(byte[] message);

	/**
	 * Sends a text's UTF-8 bytes to all members, this one included.
	 * @param message the text
	 * @return completes with the view in which the message was delivered to this member
	 */
	CompletableFuture<CpgView> multicast(String message);

	/**
	 * Sends an object to all members, this one included, as a typed message without
	 * headers; see {@link #convertAndMulticast(Object, Map)}.
	 * @param payload the object
	 * @return completes with the view in which the message was delivered to this member
	 */
	default CompletableFuture<CpgView> convertAndMulticast(Object payload) {
		return convertAndMulticast(payload, Map.of());
	}

	/**
	 * Sends an object to all members, this one included, as a typed message: converted to
	 * bytes, by default bytes as they are, texts in UTF-8 and all else in JSON, with a
	 * head that names its type. Services that allow the type get a
	 * {@code CpgDeliverEvent} of it; programs that do not know the format see a message
	 * with a few bytes more.
	 * @param payload bytes, a text, or an object whose class has a logical name, by
	 * {@link CpgMessageType} or by {@code cpg.messages.types}
	 * @param headers what goes with it, at most 63: texts, numbers, booleans, enum
	 * constants and UUIDs, which all arrive as texts; those of a received message may be
	 * passed on; {@link CpgMessageHeaders} names those with a meaning
	 * @return completes with the view in which the message was delivered to this member
	 */
	CompletableFuture<CpgView> convertAndMulticast(Object payload, Map<String, ?> headers);

}

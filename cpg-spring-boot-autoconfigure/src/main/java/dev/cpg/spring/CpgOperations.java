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
 * Sending to the group.
 * <p>
 * Any thread may send, listeners of events included. Whatever goes wrong with a message
 * fails the future that its sending returns, and no call throws an exception, whatever
 * its arguments are:
 * <ul>
 * <li>a {@link CpgSendException} with {@link Outcome#LOST}: no member got it, and none
 * will; it may be sent again
 * <li>a {@link CpgSendException} with {@link Outcome#UNKNOWN}: the connection ended, or
 * the time limit passed, before it was known, or nothing shows which of several equal
 * messages came back
 * <li>any other {@link CorosyncException}: the message was not sent at all, because this
 * service is not a member at the moment ({@link CsError#NOT_EXIST}), the message is too
 * large ({@link CsError#TOO_BIG}), the cluster takes none ({@link CsError#TRY_AGAIN}), or
 * an argument is {@code null}, or a payload or header cannot be converted
 * ({@link CsError#INVALID_PARAM})
 * </ul>
 * The call waits while the cluster takes no messages, at most for
 * {@code cpg.template.send-timeout}; it does not wait for the delivery.
 * <p>
 * The view that a future completes with names the members that got the message, as long
 * as the nodes stay together. Of a message in fragments, over about 1 MB, these are the
 * members since its first fragment: one that joined before its last is left out.
 */
public interface CpgOperations {

	/**
	 * Sends bytes as they are to all members, this one included, which programs in C
	 * understand, too.
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
	 * head that says what it is. Services that allow its type are told of it as a
	 * {@code CpgDeliverEvent} of that type; programs that do not know the format see a
	 * message with a few bytes more.
	 * @param payload bytes, a text, or an object whose class has a logical name, by
	 * {@link CpgMessageType} or by {@code cpg.messages.types}
	 * @param headers what goes with it, at most 63: texts, numbers, booleans, enum
	 * constants and UUIDs, which all arrive as texts; those of a received message may be
	 * passed on; {@link CpgMessageHeaders} names those with a meaning
	 * @return completes with the view in which the message was delivered to this member
	 */
	CompletableFuture<CpgView> convertAndMulticast(Object payload, Map<String, ?> headers);

}

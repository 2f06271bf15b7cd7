package dev.cpg.spring.observation;

import java.util.Map;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * A message that is sent. What carries the trace is the headers of a typed message; a raw
 * one has none, so its trace ends here.
 */
public final class CpgSendContext extends SenderContext<Map<String, Object>> {

	/**
	 * A message has 63 at most, beside its number, content type and correlation id. These
	 * count here, too, if the caller set them: who has so many headers has no trace.
	 */
	private static final int MAX_HEADERS = 63;

	/** A value has 8,192 bytes at most, and what traces add is one byte a character. */
	private static final int MAX_VALUE_LENGTH = 8192;

	private final String group;

	private final Class<?> payloadType;

	private volatile int bodySize;

	/**
	 * Creates a context.
	 * @param group the group's name
	 * @param payloadType the class of the payload
	 * @param headers the message's headers, to which those of the trace are added
	 */
	public CpgSendContext(String group, Class<?> payloadType, Map<String, Object> headers) {
		super(CpgSendContext::put, Kind.PRODUCER);
		setCarrier(headers);
		setRemoteServiceName("corosync");
		this.group = group;
		this.payloadType = payloadType;
	}

	/** A trace is no reason not to send: what the format has no room for is left out. */
	private static void put(@Nullable Map<String, Object> headers, String name, String value) {
		if (headers != null && headers.size() < MAX_HEADERS && value.length() <= MAX_VALUE_LENGTH) {
			headers.put(name, value);
		}
	}

	/**
	 * Returns the group's name.
	 */
	public String getGroup() {
		return this.group;
	}

	/**
	 * Returns the class of the payload, that of {@code byte[]} for a raw message.
	 */
	public Class<?> getPayloadType() {
		return this.payloadType;
	}

	/**
	 * Returns the size of the message in bytes, 0 while it is not known.
	 */
	public int getBodySize() {
		return this.bodySize;
	}

	/**
	 * Sets the size of the message.
	 * @param bodySize in bytes
	 */
	public void setBodySize(int bodySize) {
		this.bodySize = bodySize;
	}

}

package dev.cpg.spring.observation;

import java.util.Map;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * A message that is sent. What carries the trace is the headers of a typed message; a raw
 * one has none, so its trace ends here.
 */
public final class CpgSendContext extends SenderContext<Map<String, Object>> {

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
		super((carrier, name, value) -> {
			if (carrier != null) {
				carrier.put(name, value);
			}
		}, Kind.PRODUCER);
		setCarrier(headers);
		setRemoteServiceName("corosync");
		this.group = group;
		this.payloadType = payloadType;
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

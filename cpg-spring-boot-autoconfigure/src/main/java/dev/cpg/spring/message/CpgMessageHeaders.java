package dev.cpg.spring.message;

/**
 * Names of headers with a meaning. Any other name is the application's.
 */
public final class CpgMessageHeaders {

	/**
	 * The payload's MIME type. When sending it may be set to choose a converter; a
	 * received typed message has it if its sender set it.
	 */
	public static final String CONTENT_TYPE = "contentType";

	/** Identifies what the message belongs to, such as the request that it answers. */
	public static final String CORRELATION_ID = "correlationId";

	/**
	 * The sender's trace, as in the HTTP header of W3C Trace Context. Sending adds it
	 * where sends are observed and traced.
	 */
	public static final String TRACE_PARENT = "traceparent";

	/** What belongs to {@link #TRACE_PARENT}, by the same standard. */
	public static final String TRACE_STATE = "tracestate";

	/**
	 * The role that the sender leads and its token, written by the starter into messages
	 * that are sent under leadership: {@code TOKEN ROLE}. Listeners do not see it, and
	 * one that an application sets is left out.
	 */
	public static final String LEADER = "cpg-leader";

	private CpgMessageHeaders() {
	}

}

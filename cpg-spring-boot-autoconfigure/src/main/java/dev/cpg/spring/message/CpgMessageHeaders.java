package dev.cpg.spring.message;

/**
 * Names of headers with a meaning. Any other name is the application's.
 */
public final class CpgMessageHeaders {

	/**
	 * How the payload is written, a MIME type. It may be given when sending, to choose
	 * among the converters; a received typed message that says so has it.
	 */
	public static final String CONTENT_TYPE = "contentType";

	/** What the message belongs to, such as the request that it answers. */
	public static final String CORRELATION_ID = "correlationId";

	/**
	 * The sender's trace, as in the HTTP header of W3C Trace Context. Sending adds it
	 * where sends are observed and traced.
	 */
	public static final String TRACE_PARENT = "traceparent";

	/** What belongs to {@link #TRACE_PARENT}, by the same standard. */
	public static final String TRACE_STATE = "tracestate";

	private CpgMessageHeaders() {
	}

}

package dev.cpg.client;

/**
 * A setting of a connector that an error or a warning is about: what it limits was
 * exceeded, or another value would help. {@code toString} gives the name of the method
 * that sets it on the builder of a connector to Corosync; an application that offers the
 * setting under another name gives the connector that name.
 */
public enum CorosyncSetting {

	/** The size of the largest message that is sent or put together from fragments. */
	MAX_MESSAGE_SIZE("maxMessageSize"),

	/** How many bytes may wait for the listener. */
	DELIVERY_QUEUE_CAPACITY("deliveryQueueCapacity"),

	/** How many bytes the unfinished messages of all other members may take. */
	REASSEMBLY_CAPACITY("reassemblyCapacity"),

	/** What other members see as this member's process id. */
	MEMBER_ID("memberId"),

	/** For how long the daemon may be silent before it is asked whether it is alive. */
	LIVENESS_INTERVAL("livenessInterval"),

	/** The users that may run the daemon. */
	TRUSTED_UIDS("trustedUids");

	private final String method;

	CorosyncSetting(String method) {
		this.method = method;
	}

	@Override
	public String toString() {
		return this.method;
	}

}

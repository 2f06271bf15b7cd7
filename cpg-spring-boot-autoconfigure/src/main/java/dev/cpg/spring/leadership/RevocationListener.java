package dev.cpg.spring.leadership;

/**
 * Is notified of a revocation when it is decided, before the event of it waits for
 * listeners. It is called on the thread that reads from the cluster, so it must neither
 * block nor throw.
 */
@FunctionalInterface
public interface RevocationListener {

	/**
	 * This service does not lead any longer.
	 * @param role the name of the role
	 * @param token the token of the grant that is over
	 */
	void revoked(String role, long token);

}

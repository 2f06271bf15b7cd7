package dev.cpg.spring.leadership;

/**
 * Is notified of a revocation when it is decided, before the event of it waits for
 * listeners. It is called on the thread that reads from the cluster, so it must neither
 * block nor throw.
 * <p>
 * Beans of the context that the roles are set in, and of its parents, are notified. A
 * bean of a child context listens to the {@link CpgLeadershipRevokedEvent}, which
 * children get, too.
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

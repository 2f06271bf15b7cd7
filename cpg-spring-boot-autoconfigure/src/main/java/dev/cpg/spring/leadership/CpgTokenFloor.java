package dev.cpg.spring.leadership;

import java.util.OptionalLong;

/**
 * Knows the largest token that a resource has seen. New tokens are larger than what beans
 * of this type return, even if all members have been stopped and their clocks set back.
 * {@link CpgJdbcFence} is one.
 */
@FunctionalInterface
public interface CpgTokenFloor {

	/**
	 * Returns the largest token that the resource has seen. It is called before this
	 * service takes part in elections, on a thread that may wait for the resource, but
	 * this service cannot lead meanwhile. After 2 s, or if this throws, the service takes
	 * part without the answer, and this is called again, a second later at first and
	 * every 30 s in the end, unless the last call has not returned.
	 * @param role the name of the role
	 * @return the token; empty if there was none yet
	 */
	OptionalLong highestToken(String role);

}

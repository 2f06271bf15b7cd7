package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CpgConnector;

/**
 * What the groups of a service run on; a bean of which there is one for each mode.
 */
public interface CpgEngine {

	/**
	 * Returns the mode that it is the engine of.
	 */
	CpgMode mode();

	/**
	 * Returns what the daemon of a group is known by: the same for groups that share one.
	 * @param properties what is set for the group
	 */
	Object daemon(CpgGroupProperties properties);

	/**
	 * Makes the connector of a group.
	 * @param settings what is set for the group
	 */
	CpgConnector connector(ConnectorSettings settings);

}

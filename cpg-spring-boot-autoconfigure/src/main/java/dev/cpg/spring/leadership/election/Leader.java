package dev.cpg.spring.leadership.election;

import dev.cpg.client.CpgAddress;

/**
 * The leader of a role.
 *
 * @param address which member it is
 * @param token the token of its leadership
 */
public record Leader(CpgAddress address, long token) {

}

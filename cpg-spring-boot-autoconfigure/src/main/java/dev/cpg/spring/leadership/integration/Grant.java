package dev.cpg.spring.leadership.integration;

import java.util.OptionalLong;

import dev.cpg.spring.leadership.CpgLeadership;

import org.springframework.integration.leader.Context;

/**
 * One grant of a leadership, as Spring Integration's context.
 */
final class Grant implements Context {

	private final CpgLeadership leadership;

	private final OptionalLong token;

	Grant(CpgLeadership leadership, long token) {
		this.leadership = leadership;
		this.token = OptionalLong.of(token);
	}

	/** A later grant is not this one. */
	@Override
	public boolean isLeader() {
		return this.leadership.token().equals(this.token);
	}

	@Override
	public void yield() {
		if (isLeader()) {
			this.leadership.yield();
		}
	}

	@Override
	public String getRole() {
		return this.leadership.role();
	}

	@Override
	public String toString() {
		return "Grant[role=%s, token=%d, leader=%s]".formatted(getRole(), this.token.getAsLong(), isLeader());
	}

}

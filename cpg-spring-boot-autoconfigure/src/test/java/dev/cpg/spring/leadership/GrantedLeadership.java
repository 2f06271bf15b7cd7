package dev.cpg.spring.leadership;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;

/**
 * A leadership that the test grants and revokes.
 */
class GrantedLeadership implements CpgLeadership {

	static final CpgAddress OTHER = new CpgAddress(2, 77);

	private static final CpgAddress SELF = new CpgAddress(1, 66);

	private final String role;

	private volatile @Nullable Long token;

	GrantedLeadership(String role) {
		this.role = role;
	}

	GrantedLeadership granted(long token) {
		this.token = token;
		return this;
	}

	void revoke() {
		this.token = null;
	}

	@Override
	public String role() {
		return this.role;
	}

	@Override
	public Optional<CpgAddress> leader() {
		return Optional.of((this.token != null) ? SELF : OTHER);
	}

	@Override
	public OptionalLong token() {
		Long token = this.token;
		return (token != null) ? OptionalLong.of(token) : OptionalLong.empty();
	}

	@Override
	public void yield() {
		revoke();
	}

	@Override
	public boolean await(Duration timeout) {
		return isLeader();
	}

}

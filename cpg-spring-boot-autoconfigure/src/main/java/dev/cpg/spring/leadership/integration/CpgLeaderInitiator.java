package dev.cpg.spring.leadership.integration;

import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.EventListener;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.leader.event.LeaderEventPublisher;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;

/**
 * Lets what was written for Spring Integration's leader election run on the leadership of
 * a role: it calls a {@link Candidate}, and publishes {@link OnGrantedEvent} and
 * {@link OnRevokedEvent}, which a {@code SmartLifecycleRoleController} follows.
 * <p>
 * These events are published on the thread of the group's events. The candidate is called
 * on a thread of its own, which is interrupted when the leadership is revoked, as
 * {@link Candidate#onGranted} may take that long. After it has returned,
 * {@link Candidate#onRevoked} is called on the same thread.
 */
public final class CpgLeaderInitiator implements DisposableBean {

	private final CpgLeadership leadership;

	private final LeaderEventPublisher publisher;

	private final @Nullable CandidateCalls calls;

	private volatile @Nullable Grant grant;

	/**
	 * Creates an initiator.
	 * @param leadership the leadership of the role
	 * @param candidate the candidate for the role, {@code null} if there are just
	 * listeners of events
	 * @param publisher publishes Spring Integration's events
	 */
	public CpgLeaderInitiator(CpgLeadership leadership, @Nullable Candidate candidate, LeaderEventPublisher publisher) {
		this.leadership = leadership;
		this.publisher = publisher;
		this.calls = (candidate != null) ? new CandidateCalls(candidate) : null;
	}

	@EventListener
	void onGranted(CpgLeadershipGrantedEvent event) {
		if (event.getRole().equals(this.leadership.role())) {
			Grant grant = new Grant(this.leadership, event.getToken());
			this.grant = grant;
			if (this.calls != null) {
				this.calls.granted(grant);
			}
			this.publisher.publishOnGranted(this, grant, grant.getRole());
		}
	}

	@EventListener
	void onRevoked(CpgLeadershipRevokedEvent event) {
		Grant grant = this.grant;
		if (event.getRole().equals(this.leadership.role()) && grant != null) {
			this.grant = null;
			if (this.calls != null) {
				this.calls.revoked(grant);
			}
			this.publisher.publishOnRevoked(this, grant, grant.getRole());
		}
	}

	@Override
	public void destroy() {
		if (this.calls != null) {
			this.calls.end();
		}
	}

}

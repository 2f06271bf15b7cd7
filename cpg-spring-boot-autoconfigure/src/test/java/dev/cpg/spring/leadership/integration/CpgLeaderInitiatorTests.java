package dev.cpg.spring.leadership.integration;

import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgEventListenerFactory;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.integration.leader.AbstractCandidate;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.leader.event.AbstractLeaderEvent;
import org.springframework.integration.leader.event.DefaultLeaderEventPublisher;
import org.springframework.integration.support.SmartLifecycleRoleController;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * What was written for Spring Integration's leader election, on a leadership that the
 * test grants.
 */
@Timeout(30)
class CpgLeaderInitiatorTests {

	private static final String ROLE = "billing";

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final CpgLeadership leadership = mock();

	private final BlockingQueue<String> notes = new LinkedBlockingQueue<>();

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void aRoleControllerStartsAndStopsTheEndpointsOfTheRole() {
		Endpoint billing = new Endpoint();
		Endpoint reports = new Endpoint();
		MultiValueMap<String, SmartLifecycle> endpoints = new LinkedMultiValueMap<>();
		endpoints.add(ROLE, billing);
		endpoints.add("reports", reports);
		this.context.registerBean(SmartLifecycleRoleController.class,
				() -> new SmartLifecycleRoleController(endpoints));
		start(null);
		grant(ROLE, 5);
		assertThat(billing.isRunning()).isTrue();
		assertThat(reports.isRunning()).isFalse();
		revoke(ROLE, 5);
		assertThat(billing.isRunning()).isFalse();
	}

	@Test
	void theEventsHaveAContextThatEndsWithTheGrant() {
		start(null);
		BlockingQueue<AbstractLeaderEvent> events = new LinkedBlockingQueue<>();
		this.context.addApplicationListener((AbstractLeaderEvent event) -> events.add(event));
		grant(ROLE, 5);
		Context first = events.remove().getContext();
		assertThat(first.isLeader()).isTrue();
		assertThat(first.getRole()).isEqualTo(ROLE);
		revoke(ROLE, 5);
		assertThat(first.isLeader()).isFalse();
		grant(ROLE, 6);
		assertThat(first.isLeader()).isFalse();
		first.yield();
		then(this.leadership).should(never()).yield();
		events.remove();
		events.remove().getContext().yield();
		then(this.leadership).should().yield();
	}

	@Test
	void aCandidateMayWorkUntilItIsInterrupted() throws InterruptedException {
		start(new Worker(ROLE));
		grant(ROLE, 5);
		assertThat(this.notes.take()).isEqualTo("granted");
		grant("reports", 7);
		revoke("reports", 7);
		assertThat(this.notes).isEmpty();
		revoke(ROLE, 5);
		assertThat(this.notes.take()).isEqualTo("interrupted");
		assertThat(this.notes.take()).isEqualTo("revoked");
		grant(ROLE, 6);
		assertThat(this.notes.take()).isEqualTo("granted");
		revoke(ROLE, 6);
		assertThat(this.notes.take()).isEqualTo("interrupted");
	}

	@Test
	void aCandidateThatFailsIsCalledAgain() throws InterruptedException {
		Candidate candidate = mock();
		given(candidate.getRole()).willReturn(ROLE);
		BlockingQueue<String> notes = this.notes;
		willAnswer((call) -> {
			notes.add("granted");
			throw new IllegalStateException("boom");
		}).given(candidate).onGranted(any());
		start(candidate);
		grant(ROLE, 5);
		assertThat(this.notes.take()).isEqualTo("granted");
		revoke(ROLE, 5);
		grant(ROLE, 6);
		assertThat(this.notes.take()).isEqualTo("granted");
	}

	private void start(@Nullable Candidate candidate) {
		given(this.leadership.role()).willReturn(ROLE);
		this.context.registerBean(CpgEventListenerFactory.class);
		this.context.registerBean(CpgLeaderInitiator.class, () -> new CpgLeaderInitiator(this.leadership, candidate,
				new DefaultLeaderEventPublisher(this.context)));
		this.context.refresh();
		revoked();
	}

	private void grant(String role, long token) {
		if (role.equals(ROLE)) {
			given(this.leadership.token()).willReturn(OptionalLong.of(token));
		}
		this.context.publishEvent(new CpgLeadershipGrantedEvent(this, "group", CpgView.NONE, role, token));
	}

	private void revoke(String role, long token) {
		if (role.equals(ROLE)) {
			revoked();
		}
		this.context
			.publishEvent(new CpgLeadershipRevokedEvent(this, "group", CpgView.NONE, role, token, Reason.QUORUM));
	}

	private void revoked() {
		given(this.leadership.token()).willReturn(OptionalLong.empty());
	}

	private final class Worker extends AbstractCandidate {

		Worker(String role) {
			super("worker", role);
		}

		@Override
		public void onGranted(Context context) throws InterruptedException {
			CpgLeaderInitiatorTests.this.notes.add("granted");
			try {
				TimeUnit.MINUTES.sleep(1);
			}
			catch (InterruptedException ex) {
				CpgLeaderInitiatorTests.this.notes.add("interrupted");
				throw ex;
			}
		}

		@Override
		public void onRevoked(Context context) {
			CpgLeaderInitiatorTests.this.notes.add("revoked");
		}

	}

	private static final class Endpoint implements SmartLifecycle {

		private volatile boolean running;

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public boolean isAutoStartup() {
			return false;
		}

	}

}

package dev.cpg.spring.leadership;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CpgLeadershipTests {

	private final GrantedLeadership billing = new GrantedLeadership("billing");

	private final GrantedLeadership reports = new GrantedLeadership("reports");

	private final List<Object> notes = new ArrayList<>();

	@Test
	void runsUnderTheTokenOfTheLeader() {
		this.billing.granted(5);
		assertThat(this.billing.runIfLeader(this::note)).isTrue();
		assertThat(this.billing.runIfLeader(CpgLeadership::currentToken)).contains(5L);
		assertThat(this.notes).containsExactly(5L);
	}

	@Test
	void runsNothingElsewhere() {
		assertThat(this.billing.runIfLeader(this::note)).isFalse();
		assertThat(this.billing.runIfLeader(CpgLeadership::currentToken)).isEmpty();
		assertThat(this.notes).isEmpty();
	}

	@Test
	void theTokenIsInTheContextOfTheLog() {
		this.billing.granted(5);
		MDC.put(CpgLeadership.TOKEN_MDC_KEY, "mine");
		this.billing.runIfLeader(() -> this.notes.add(MDC.get(CpgLeadership.TOKEN_MDC_KEY)));
		this.notes.add(MDC.get(CpgLeadership.TOKEN_MDC_KEY));
		MDC.remove(CpgLeadership.TOKEN_MDC_KEY);
		this.billing.runIfLeader(() -> {
		});
		assertThat(this.notes).containsExactly("5", "mine");
		assertThat(MDC.get(CpgLeadership.TOKEN_MDC_KEY)).isNull();
	}

	@Test
	void theInnermostRoleHasTheCurrentToken() {
		this.billing.granted(5);
		this.reports.granted(6);
		this.billing.runIfLeader(() -> {
			this.reports.runIfLeader(this::note);
			note();
		});
		assertThat(this.notes).containsExactly(6L, 5L);
	}

	@Test
	void thereIsNoTokenAfterwardsNorAfterAFailure() {
		this.billing.granted(5);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.billing.runIfLeader(() -> {
			throw new IOException();
		}));
		assertThatIllegalStateException().isThrownBy(CpgLeadership::currentToken)
			.withMessageContaining("does not pass through Spring");
	}

	@Test
	void theTokenStaysAsItWasWhenTheLeadershipIsRevoked() {
		this.billing.granted(5);
		this.billing.runIfLeader(() -> {
			this.billing.revoke();
			note();
		});
		assertThat(this.notes).containsExactly(5L);
	}

	@Test
	void whatBeganUnderAnEarlierTokenDoesNotGoOnUnderALaterOne() {
		this.billing.granted(5);
		this.reports.granted(6);
		this.billing.runIfLeader(() -> this.reports.runIfLeader(() -> {
			assertThat(this.billing.runIfLeader(this::note)).isTrue();
			this.billing.granted(7);
			assertThat(this.billing.runIfLeader(this::note)).isFalse();
		}));
		assertThat(this.billing.runIfLeader(this::note)).isTrue();
		assertThat(this.notes).containsExactly(5L, 7L);
	}

	private void note() {
		this.notes.add(CpgLeadership.currentToken());
	}

}

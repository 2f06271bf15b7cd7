package dev.cpg.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.spring.leadership.CpgJdbcFence;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.LeaderOnly;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What only the leader does, as docs/leadership.md shows it.
 */
@Component
class Billing {

	private final CpgJdbcFence fence;

	private final JdbcTemplate jdbc;

	private final CpgLeadership leadership;

	private final List<String> notes = new CopyOnWriteArrayList<>();

	Billing(CpgJdbcFence fence, JdbcTemplate jdbc, @Qualifier("billing") CpgLeadership leadership) {
		this.fence = fence;
		this.jdbc = jdbc;
		this.leadership = leadership;
	}

	// snippet:billing
	@Scheduled(fixedDelay = 5000)
	@LeaderOnly("billing")
	@Transactional
	public void bill() {
		this.fence.check(CpgLeadership.currentToken());
		this.jdbc.update("UPDATE orders SET billed = TRUE WHERE NOT billed");
	}

	@EventListener
	void granted(CpgLeadershipGrantedEvent event) {
		load(event.getToken());
	}

	@EventListener
	void revoked(CpgLeadershipRevokedEvent event) {
		stop(event.getReason());
	}
	// end:billing

	// snippet:leadership
	boolean billNow() throws InterruptedException {
		return this.leadership.await(Duration.ofSeconds(10)) && this.leadership.runIfLeader(this::sendInvoices);
	}

	String status() {
		return this.leadership.isLeader() ? "leads with token " + this.leadership.token().getAsLong()
				: "leader is " + this.leadership.leader().map(Object::toString).orElse("nobody");
	}
	// end:leadership

	private void sendInvoices() {
		this.notes.add("sent under " + CpgLeadership.currentToken());
	}

	private void load(long token) {
		this.notes.add("granted " + token);
	}

	private void stop(CpgLeadershipRevokedEvent.Reason reason) {
		this.notes.add("revoked " + reason);
	}

	List<String> notes() {
		return this.notes;
	}

}

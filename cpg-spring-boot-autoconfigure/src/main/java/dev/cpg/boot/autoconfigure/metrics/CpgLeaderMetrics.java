package dev.cpg.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import dev.cpg.spring.leadership.election.Leader;
import dev.cpg.spring.leadership.election.LeaderChanges;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.RoleStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.DisposableBean;

/**
 * Meters of the roles that members of a group lead, and of members that hang.
 */
final class CpgLeaderMetrics implements MeterBinder, DisposableBean {

	private final Collection<LeaderElection> elections;

	private final List<OwnMeters> bound = new CopyOnWriteArrayList<>();

	CpgLeaderMetrics(Collection<LeaderElection> elections) {
		this.elections = elections;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		OwnMeters meters = new OwnMeters(registry);
		this.bound.add(meters);
		for (LeaderElection election : this.elections) {
			Tags group = Tags.of("group", election.group());
			meters.add(Gauge.builder("cpg.group.hung", election, (it) -> it.suspects().size())
				.description("Members of the group that seem to hang, of those that lead or ask to be heard")
				.baseUnit("members")
				.tags(group)
				.register(registry));
			if (election.roles().isEmpty()) {
				continue;
			}
			meters.add(FunctionCounter.builder("cpg.leader.stale.tokens", election, LeaderElection::staleTokens)
				.description("Messages that were dropped because their sender leads no more")
				.tags(group)
				.register(registry));
			election.roles().forEach((role) -> bindTo(registry, election, role, group.and("role", role), meters));
		}
	}

	@Override
	public void destroy() {
		this.bound.forEach(OwnMeters::remove);
	}

	private static void bindTo(MeterRegistry registry, LeaderElection election, String role, Tags tags,
			OwnMeters meters) {
		meters.add(Gauge.builder("cpg.leader", election, of(role, (status) -> status.isLeader() ? 1 : 0))
			.description("1 while this service leads, 0 otherwise")
			.tags(tags)
			.register(registry));
		meters.add(Gauge.builder("cpg.leader.token", election, of(role, CpgLeaderMetrics::token))
			.description("The token of the leader that this service knows; 0 if there is none")
			.tags(tags)
			.register(registry));
		meters.add(TimeGauge
			.builder("cpg.leader.lease.remaining", election, TimeUnit.MILLISECONDS,
					of(role, (status) -> status.leaseLeft().toMillis()))
			.description("How long this service leads if the lease is not renewed; 0 if it does not lead")
			.tags(tags)
			.register(registry));
		LeaderChanges changes = election.changes(role);
		meters.add(FunctionCounter.builder("cpg.leader.changes", changes, LeaderChanges::count)
			.description("Leaders that followed another one, as far as this service has seen")
			.tags(tags)
			.register(registry));
		Timer failover = meters.add(Timer.builder("cpg.leader.failover")
			.description("How long there was no leader between two, as far as this service has seen")
			.tags(tags)
			.register(registry));
		changes.onFailover((Duration duration) -> failover.record(duration));
	}

	private static double token(RoleStatus status) {
		Leader leader = status.leader();
		return (leader != null) ? leader.token() : 0;
	}

	private static ToDoubleFunction<LeaderElection> of(String role, ToDoubleFunction<RoleStatus> value) {
		return (election) -> {
			RoleStatus status = election.status(role);
			return (status != null) ? value.applyAsDouble(status) : 0;
		};
	}

}

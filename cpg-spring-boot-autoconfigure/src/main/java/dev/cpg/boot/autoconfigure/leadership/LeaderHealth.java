package dev.cpg.boot.autoconfigure.leadership;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

import dev.cpg.spring.leadership.election.LeaderElection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.SmartApplicationListener;

/**
 * Reports to the elections whether the health groups that their roles need are up. It
 * begins when the application is ready, and also looks when the application's
 * availability changes, which is part of many groups.
 */
final class LeaderHealth implements SmartApplicationListener, DisposableBean {

	private final ApplicationContext context;

	private final List<HealthWatch> watches;

	private final @Nullable ScheduledThreadPoolExecutor executor;

	/**
	 * Creates what watches the groups.
	 * @param elections the elections of the context's groups
	 * @param groups the groups, {@code null} without the Actuator's health endpoint
	 * @throws UnknownHealthGroupException if a role needs a group that there is not
	 */
	LeaderHealth(ApplicationContext context, Collection<LeaderElection> elections, @Nullable HealthGroups groups) {
		this.context = context;
		Map<String, Set<String>> roles = new TreeMap<>();
		elections.forEach((election) -> election.healthGroups()
			.forEach((role, group) -> roles.computeIfAbsent(group, (name) -> new TreeSet<>()).add(role)));
		roles.forEach((group, of) -> {
			if (groups == null || !groups.names().contains(group)) {
				throw new UnknownHealthGroupException(group, of, (groups != null) ? groups.names() : null);
			}
		});
		this.executor = roles.isEmpty() ? null : executor();
		this.watches = (groups == null || this.executor == null) ? List.of()
				: roles.keySet().stream().map((group) -> watch(group, elections, groups, this.executor)).toList();
	}

	private HealthWatch watch(String group, Collection<LeaderElection> elections, HealthGroups groups,
			ScheduledThreadPoolExecutor executor) {
		return new HealthWatch(group, () -> groups.isHealthy(group),
				(healthy) -> elections.forEach((election) -> report(election, group, healthy)), executor,
				HealthWatch.LIMIT, this.context.getClassLoader());
	}

	private static void report(LeaderElection election, String group, boolean healthy) {
		election.healthGroups().forEach((role, needed) -> {
			if (needed.equals(group)) {
				election.healthChanged(role, healthy);
			}
		});
	}

	private static ScheduledThreadPoolExecutor executor() {
		ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "cpg-leader-health");
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		executor.setRemoveOnCancelPolicy(true);
		return executor;
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
		return AvailabilityChangeEvent.class.isAssignableFrom(type) || type == ApplicationReadyEvent.class;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (!(event instanceof ApplicationReadyEvent ready) || ready.getApplicationContext() == this.context) {
			this.watches.forEach(HealthWatch::request);
		}
	}

	@Override
	public void destroy() {
		if (this.executor != null) {
			this.executor.shutdownNow();
		}
	}

}

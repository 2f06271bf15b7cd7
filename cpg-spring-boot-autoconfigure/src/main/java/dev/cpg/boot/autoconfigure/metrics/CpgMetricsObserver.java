package dev.cpg.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.spring.CpgObserver;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Records the activity of the memberships in the meters of their groups.
 */
final class CpgMetricsObserver implements CpgObserver, SmartInitializingSingleton, DisposableBean {

	private final ObjectProvider<MeterRegistry> registry;

	private final Collection<CpgGroupName> known;

	private final Map<String, CpgActivityMetrics> groups = new ConcurrentHashMap<>();

	/**
	 * Creates an observer.
	 * @param registry created after the memberships: its creation binds meters that need
	 * them
	 * @param known the groups whose meters exist from the start; those of another group
	 * are created with its first activity
	 */
	CpgMetricsObserver(ObjectProvider<MeterRegistry> registry, Collection<CpgGroupName> known) {
		this.registry = registry;
		this.known = known;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.known.forEach((group) -> of(group.text()));
	}

	@Override
	public void destroy() {
		this.groups.values().forEach(CpgActivityMetrics::remove);
	}

	private CpgActivityMetrics of(String group) {
		CpgActivityMetrics metrics = this.groups.get(group);
		return (metrics != null) ? metrics
				: this.groups.computeIfAbsent(group, (name) -> new CpgActivityMetrics(this.registry.getObject(), name));
	}

	@Override
	public void sent(String group, Outcome outcome, Duration took) {
		of(group).sent(outcome, took);
	}

	@Override
	public void delivered(CpgMessage message) {
		of(message.group().text()).delivered(message);
	}

	@Override
	public void unconverted(CpgMessage message, Problem problem) {
		of(message.group().text()).unconverted(problem);
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		of(change.group().text()).configurationChanged(change);
	}

	@Override
	public void reconnected(String group) {
		of(group).reconnected();
	}

}

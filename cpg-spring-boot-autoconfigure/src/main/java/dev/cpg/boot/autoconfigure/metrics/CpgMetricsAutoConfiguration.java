package dev.cpg.boot.autoconfigure.metrics;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.leadership.election.LeaderElection;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of the memberships.
 * The memberships of a parent context have gauges only, as they do not notify observers
 * of a child context.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ CpgMembership.class, MeterRegistry.class })
public final class CpgMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "cpgActivityMetrics")
	CpgMetricsObserver cpgActivityMetrics(ObjectProvider<MeterRegistry> registry, ListableBeanFactory beanFactory) {
		return new CpgMetricsObserver(registry, beanFactory.getBeansOfType(CpgGroupName.class).values());
	}

	@Bean
	@ConditionalOnMissingBean(name = "cpgGroupMetrics")
	CpgGroupMetrics cpgGroupMetrics(ListableBeanFactory beanFactory) {
		return new CpgGroupMetrics(
				BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, CpgMembership.class).values());
	}

	@Bean
	@ConditionalOnBean(LeaderElection.class)
	@ConditionalOnMissingBean(name = "cpgLeaderMetrics")
	CpgLeaderMetrics cpgLeaderMetrics(ListableBeanFactory beanFactory) {
		return new CpgLeaderMetrics(beanFactory.getBeansOfType(LeaderElection.class).values());
	}

}

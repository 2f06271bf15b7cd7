package dev.cpg.boot.autoconfigure.metrics;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgMembership;
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
 * Of those of a parent context there are gauges only: they do not tell a child's
 * observers what goes through.
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

}

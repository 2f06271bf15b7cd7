package dev.cpg.boot.autoconfigure.metrics;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgMembership;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of the membership.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ CpgMembership.class, MeterRegistry.class })
public final class CpgMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "cpgActivityMetrics")
	CpgActivityMetrics cpgActivityMetrics(MeterRegistry registry, CpgGroupName group) {
		return new CpgActivityMetrics(registry, group);
	}

	@Bean
	@ConditionalOnMissingBean(name = "cpgGroupMetrics")
	CpgGroupMetrics cpgGroupMetrics(CpgMembership membership) {
		return new CpgGroupMetrics(membership);
	}

}

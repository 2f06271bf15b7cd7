package dev.cpg.boot.autoconfigure.health;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.spring.CpgGroup;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of the membership.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(CpgGroup.class)
@ConditionalOnEnabledHealthIndicator("cpg")
public final class CpgHealthContributorAutoConfiguration
		extends CompositeHealthContributorConfiguration<CpgHealthIndicator, CpgGroup> {

	CpgHealthContributorAutoConfiguration() {
		super(CpgHealthIndicator::new);
	}

	@Bean
	@ConditionalOnMissingBean(name = { "cpgHealthIndicator", "cpgHealthContributor" })
	HealthContributor cpgHealthContributor(ConfigurableListableBeanFactory beanFactory) {
		return createContributor(beanFactory, CpgGroup.class);
	}

}

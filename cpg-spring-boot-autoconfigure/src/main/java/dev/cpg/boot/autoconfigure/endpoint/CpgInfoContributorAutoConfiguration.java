package dev.cpg.boot.autoconfigure.endpoint;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.spring.leadership.election.LeaderElection;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what {@code info} shows of the
 * leaders.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnBean(LeaderElection.class)
@ConditionalOnEnabledInfoContributor("cpg")
public final class CpgInfoContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "cpgInfoContributor")
	CpgInfoContributor cpgInfoContributor(ListableBeanFactory beanFactory) {
		return new CpgInfoContributor(beanFactory.getBeansOfType(LeaderElection.class).values());
	}

}

package dev.cpg.boot.autoconfigure.endpoint;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.CpgEngine;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.leadership.election.LeaderElection;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@code cpg} endpoint, in the
 * context of the memberships: those of a parent context do not notify observers of a
 * child context.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(value = CpgMembership.class, search = SearchStrategy.CURRENT)
@ConditionalOnAvailableEndpoint(CpgEndpoint.class)
public final class CpgEndpointAutoConfiguration {

	@Bean
	CpgActivity cpgActivity() {
		return new CpgActivity();
	}

	@Bean
	@ConditionalOnMissingBean(name = "cpgEndpoint")
	CpgEndpoint cpgEndpoint(CpgMembership membership, ListableBeanFactory beanFactory, CpgActivity activity) {
		return new CpgEndpoint(membership, beanFactory.getBeansOfType(CpgMembership.class).values(),
				beanFactory.getBeansOfType(LeaderElection.class).values(), activity,
				beanFactory.getBeanProvider(CpgEngine.class).getIfAvailable());
	}

}

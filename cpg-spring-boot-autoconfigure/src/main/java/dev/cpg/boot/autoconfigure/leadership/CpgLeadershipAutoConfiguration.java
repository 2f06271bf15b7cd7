package dev.cpg.boot.autoconfigure.leadership;

import java.util.Collection;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.spring.leadership.LeaderOnly;
import dev.cpg.spring.leadership.LeaderOnlyPostProcessor;
import dev.cpg.spring.leadership.election.LeaderElection;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.leader.Candidate;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what only the leader runs. It
 * has no condition: without roles, or with {@code cpg.enabled=false}, a method with
 * {@link LeaderOnly} fails the start, since otherwise it would run on all members.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class,
		afterName = "org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration")
public final class CpgLeadershipAutoConfiguration {

	CpgLeadershipAutoConfiguration() {
	}

	/** A parent's is for the parent's beans. */
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	static LeaderOnlyPostProcessor cpgLeaderOnlyPostProcessor() {
		return new LeaderOnlyPostProcessor();
	}

	/** A parent's is for the parent's elections. */
	@Bean
	@ConditionalOnBean(value = LeaderElection.class, search = SearchStrategy.CURRENT)
	static LeaderHealth cpgLeaderHealth(ApplicationContext context, ObjectProvider<HealthGroups> groups) {
		Collection<LeaderElection> elections = context.getBeansOfType(LeaderElection.class).values();
		boolean needed = elections.stream().anyMatch((election) -> !election.healthGroups().isEmpty());
		return new LeaderHealth(context, elections, needed ? groups.getIfAvailable() : null);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthEndpoint.class)
	@ConditionalOnBean({ HealthEndpoint.class, HealthEndpointGroups.class })
	static class HealthConfiguration {

		@Bean
		HealthGroups cpgHealthGroups(HealthEndpoint endpoint, HealthEndpointGroups groups) {
			return new HealthGroups(endpoint, groups);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Candidate.class)
	@Import(LeaderInitiatorRegistrar.class)
	static class IntegrationConfiguration {

		@Bean(LeaderInitiatorRegistrar.FACTORY)
		LeaderInitiators cpgLeaderInitiators() {
			return new LeaderInitiators();
		}

	}

}

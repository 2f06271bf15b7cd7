package dev.cpg.boot.autoconfigure.leadership;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.spring.leadership.LeaderOnly;
import dev.cpg.spring.leadership.LeaderOnlyPostProcessor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.leader.Candidate;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what only the leader runs. It
 * has no condition: without roles, or with {@code cpg.enabled=false}, a method with
 * {@link LeaderOnly} fails the start, since otherwise it would run on all members.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class)
public final class CpgLeadershipAutoConfiguration {

	CpgLeadershipAutoConfiguration() {
	}

	/** A parent's is for the parent's beans. */
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	static LeaderOnlyPostProcessor cpgLeaderOnlyPostProcessor() {
		return new LeaderOnlyPostProcessor();
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

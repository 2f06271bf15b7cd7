package dev.cpg.boot.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.CpgEngine;
import dev.cpg.boot.autoconfigure.CpgProperties;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.leadership.election.LeaderElection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
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
 * {@link EnableAutoConfiguration Auto-configuration} for the health of the memberships:
 * one indicator, or one for each group by its name. The memberships of parent contexts
 * are included.
 */
@AutoConfiguration(after = CpgAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(CpgMembership.class)
@ConditionalOnEnabledHealthIndicator("cpg")
public final class CpgHealthContributorAutoConfiguration
		extends CompositeHealthContributorConfiguration<CpgHealthIndicator, CpgMembership> {

	CpgHealthContributorAutoConfiguration(ObjectProvider<CpgEngine> engine, ObjectProvider<CpgProperties> properties,
			ObjectProvider<LeaderElection> elections) {
		super((membership) -> new CpgHealthIndicator(membership, engine.getIfAvailable(),
				properties.getObject().getHealth().isRequireQuorum(), election(elections, membership)));
	}

	private static @Nullable LeaderElection election(ObjectProvider<LeaderElection> elections,
			CpgMembership membership) {
		return elections.stream()
			.filter((election) -> election.group().equals(membership.getGroup().getName()))
			.findFirst()
			.orElse(null);
	}

	@Bean
	@ConditionalOnMissingBean(name = { "cpgHealthIndicator", "cpgHealthContributor" })
	HealthContributor cpgHealthContributor(ListableBeanFactory beanFactory) {
		Map<String, CpgMembership> memberships = new LinkedHashMap<>();
		BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, CpgMembership.class)
			.forEach((beanName, membership) -> {
				// A path cannot name a group with a slash.
				String group = membership.getGroup().getName().replace('/', '-');
				memberships.put(memberships.containsKey(group) ? beanName : group, membership);
			});
		return createContributor(memberships);
	}

}

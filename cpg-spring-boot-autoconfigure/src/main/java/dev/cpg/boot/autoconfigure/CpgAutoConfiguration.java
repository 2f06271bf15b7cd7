package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgEventListenerFactory;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.CpgTemplate;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the memberships in groups.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "cpg.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CpgProperties.class)
@Import({ CorosyncConnectorConfiguration.class, CpgMessagesConfiguration.class, FurtherGroupsRegistrar.class })
public final class CpgAutoConfiguration {

	private static final String GROUP = "cpg.group";

	private static final String APPLICATION_NAME = "spring.application.name";

	CpgAutoConfiguration(CpgProperties properties) {
		CpgPropertiesValidator.validate(CpgPropertiesValidator.PREFIX, properties);
	}

	@Bean
	@ConditionalOnMissingBean
	CpgGroupName cpgGroupName(CpgProperties properties, Environment environment) {
		boolean own = StringUtils.hasText(properties.getGroup());
		String name = own ? properties.getGroup() : environment.getProperty(APPLICATION_NAME);
		if (name == null || !StringUtils.hasText(name)) {
			throw new CpgGroupNameMissingException();
		}
		return GroupBeans.name(own ? GROUP : APPLICATION_NAME, name, properties.isGroupNameTerminated(),
				own ? "" : " Set cpg.group to give the group another name than the application.");
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMembershipSettings cpgMembershipSettings(CpgProperties properties) {
		return GroupBeans.settings(properties);
	}

	@Bean
	GroupBeans cpgGroupBeans(BeanFactory beanFactory, ApplicationEventPublisher publisher) {
		return new GroupBeans(beanFactory, publisher);
	}

	@Bean(FurtherGroupsRegistrar.FACTORY)
	FurtherGroups cpgFurtherGroups(Environment environment, BeanFactory beanFactory, CpgGroupName name,
			GroupBeans beans, ObjectProvider<CorosyncConnectors> corosync, ObjectProvider<CpgConnector> connector) {
		return new FurtherGroups(environment, beanFactory, name, beans, corosync, connector);
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMembership cpgMembership(CpgProperties properties, CpgConnector connector, CpgGroupName name,
			CpgMembershipSettings settings, GroupBeans beans) {
		return beans.membership(properties, connector, name, settings);
	}

	@Bean
	LeaveBeforeWebServer cpgLeaveBeforeWebServer(ListableBeanFactory beanFactory) {
		return new LeaveBeforeWebServer(beanFactory.getBeansOfType(CpgMembership.class).values());
	}

	@Bean
	@ConditionalOnMissingBean
	CpgGroup cpgGroup(CpgMembership membership) {
		return membership.getGroup();
	}

	@Bean
	@ConditionalOnMissingBean(CpgOperations.class)
	CpgTemplate cpgTemplate(CpgProperties properties, CpgMembership membership, GroupBeans beans) {
		return beans.template(properties, membership);
	}

	@Bean
	static CpgEventListenerFactory cpgEventListenerFactory() {
		return new CpgEventListenerFactory();
	}

}

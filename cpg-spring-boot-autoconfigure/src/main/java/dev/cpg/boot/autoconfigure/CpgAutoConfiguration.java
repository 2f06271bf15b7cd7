package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgObserver;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.message.CpgMessageMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the membership in a group.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "cpg.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CpgProperties.class)
@Import({ CorosyncConnectorConfiguration.class, CpgMessagesConfiguration.class })
public final class CpgAutoConfiguration {

	private static final String GROUP = "cpg.group";

	private static final String APPLICATION_NAME = "spring.application.name";

	CpgAutoConfiguration(CpgProperties properties) {
		CpgPropertiesValidator.validate(properties);
	}

	@Bean
	@ConditionalOnMissingBean
	CpgGroupName cpgGroupName(CpgProperties properties, Environment environment) {
		String property = StringUtils.hasText(properties.getGroup()) ? GROUP : APPLICATION_NAME;
		String name = property.equals(GROUP) ? properties.getGroup() : environment.getProperty(APPLICATION_NAME);
		if (name == null || !StringUtils.hasText(name)) {
			throw new CpgGroupNameMissingException();
		}
		try {
			return properties.isGroupNameTerminated() ? CpgGroupName.ofTerminated(name) : CpgGroupName.of(name);
		}
		catch (IllegalArgumentException ex) {
			String otherwise = property.equals(GROUP) ? ""
					: " Set cpg.group to give the group another name than the application.";
			throw new InvalidConfigurationPropertyValueException(property, name, ex.getMessage() + "." + otherwise);
		}
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMembershipSettings cpgMembershipSettings(CpgProperties properties) {
		return new CpgMembershipSettings(properties.isFailFast(), properties.getJoinTimeout(),
				properties.getLeaveTimeout(), backOff(properties.getReconnect()));
	}

	private ExponentialBackOff backOff(CpgProperties.Reconnect reconnect) {
		ExponentialBackOff backOff = new ExponentialBackOff(reconnect.getInitialInterval().toMillis(),
				reconnect.getMultiplier());
		backOff.setMaxInterval(reconnect.getMaxInterval().toMillis());
		return backOff;
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMembership cpgMembership(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings,
			ApplicationEventPublisher publisher, ObjectProvider<CpgObserver> observers, CpgMessageMapper mapper) {
		return new CpgMembership(connector, name, settings, publisher, observers.orderedStream().toList(), mapper);
	}

	@Bean
	LeaveBeforeWebServer cpgLeaveBeforeWebServer(CpgMembership membership) {
		return new LeaveBeforeWebServer(membership);
	}

	@Bean
	@ConditionalOnMissingBean
	CpgGroup cpgGroup(CpgMembership membership) {
		return membership.getGroup();
	}

	@Bean
	@ConditionalOnMissingBean(CpgOperations.class)
	CpgTemplate cpgTemplate(CpgMembership membership) {
		return new CpgTemplate(membership);
	}

	@Bean
	static CpgEventListenerFactory cpgEventListenerFactory() {
		return new CpgEventListenerFactory();
	}

}

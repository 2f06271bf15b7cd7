package dev.cpg.boot.autoconfigure;

import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;
import dev.cpg.boot.autoconfigure.settings.SettingsBindHandler;
import dev.cpg.boot.autoconfigure.settings.UnknownSettings;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.CpgEventListenerFactory;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.CpgTemplate;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the memberships in groups.
 * <p>
 * No method here has more than three parameters: up to three, reflection calls it without
 * making a method handle first, which costs a start several milliseconds for each number
 * of parameters.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "cpg.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CpgProperties.class)
@Import({ CorosyncConfiguration.class, ConnectorConfiguration.class, CpgMessagesConfiguration.class,
		AdditionalGroupsRegistrar.class, LeadershipRegistrar.class })
public final class CpgAutoConfiguration implements SmartInitializingSingleton {

	private static final String GROUP = "cpg.group";

	private static final String APPLICATION_NAME = "spring.application.name";

	private final CpgProperties properties;

	private final ApplicationContext context;

	private final GroupBeans beans;

	CpgAutoConfiguration(CpgProperties properties, ApplicationContext context) {
		new CpgPropertiesValidator(context.getEnvironment(), SettingPrefixes.ALL).validate(properties);
		new UnknownSettings(context.getEnvironment(), CpgProperties.class, CpgGroupProperties.class,
				AdditionalGroups.keys(context.getEnvironment()))
			.warn();
		this.properties = properties;
		this.context = context;
		this.beans = new GroupBeans(context);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.beans.checkErrorHandler();
		this.beans.checkElections(this.context);
		warnOfModeWithoutEffect();
	}

	private void warnOfModeWithoutEffect() {
		if (this.properties.getMode() == CpgMode.EMBEDDED
				&& this.context.getBeanProvider(CpgEngine.class).getIfAvailable() == null) {
			CpgLog.CONFIGURATION.warn()
				.with("setting", "cpg.mode")
				.log("cpg.mode=embedded has no effect, as the application has a bean of type CpgConnector ({}). Remove "
						+ "one of the two. To choose a node of an embedded cluster, define a bean of type EmbeddedNode",
						String.join(", ",
								BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.context, CpgConnector.class)));
		}
	}

	@Bean
	@ConditionalOnMissingBean
	CpgGroupName cpgGroupName() {
		boolean own = StringUtils.hasText(this.properties.getGroup());
		String name = own ? this.properties.getGroup() : this.context.getEnvironment().getProperty(APPLICATION_NAME);
		if (name == null || !StringUtils.hasText(name)) {
			throw new CpgGroupNameMissingException();
		}
		return GroupBeans.name(own ? GROUP : APPLICATION_NAME, name, this.properties.isGroupNameTerminated(),
				own ? "" : " Set cpg.group to give the group another name than the application.");
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMembershipSettings cpgMembershipSettings() {
		return GroupBeans.settings(SettingPrefixes.ALL, this.properties);
	}

	@Bean(AdditionalGroupsRegistrar.FACTORY)
	AdditionalGroups cpgAdditionalGroups(CpgGroupName name, ObjectProvider<GroupConnectors> connectors,
			ObjectProvider<CpgConnector> connector) {
		return new AdditionalGroups(this.context, new NamedGroup(origin(name), name), this.beans, connectors,
				connector);
	}

	private String origin(CpgGroupName name) {
		String text = name.text();
		if (text.equals(this.properties.getGroup())) {
			return GROUP;
		}
		return text.equals(this.context.getEnvironment().getProperty(APPLICATION_NAME)) ? APPLICATION_NAME
				: "the bean of type CpgGroupName";
	}

	@Bean
	@ConditionalOnMissingBean
	CpgMembership cpgMembership(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings) {
		return this.beans.membership(this.properties, connector, name, settings);
	}

	@Bean
	JoinTogether cpgJoinTogether(ListableBeanFactory beanFactory, ObjectProvider<CpgEngine> engine) {
		return new JoinTogether(beanFactory.getBeansOfType(CpgMembership.class).values(),
				new WithoutCorosync(engine.getIfAvailable(), this.properties, this.context.getEnvironment()));
	}

	/** A parent's is for the parent's memberships. */
	@Bean
	@ConditionalOnMissingBean(name = "cpgLeaveBeforeWebServer", search = SearchStrategy.CURRENT)
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
	CpgTemplate cpgTemplate(CpgMembership membership) {
		return this.beans.template(this.properties, membership);
	}

	@Bean
	static ConfigurationPropertiesBindHandlerAdvisor cpgSettingsBindHandler() {
		return (parent) -> new SettingsBindHandler(parent, CpgProperties.class);
	}

	@Bean
	static CpgEventListenerFactory cpgEventListenerFactory() {
		return new CpgEventListenerFactory();
	}

}

package dev.cpg.boot.autoconfigure;

import java.util.Collection;

import dev.cpg.boot.autoconfigure.settings.TextMistakes;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.CpgContextPublisher;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgObserver;
import dev.cpg.spring.CpgQuorumMonitor;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.observation.CpgDeliverObservationConvention;
import dev.cpg.spring.observation.CpgSendObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Makes the beans of a group out of its settings and of what all groups share.
 */
final class GroupBeans {

	/** The bean to take where there are several error handlers. */
	private static final String ERROR_HANDLER = "cpgErrorHandler";

	/** It still answers when its context is closed, and a slow listener may fail then. */
	private final BeanFactory beanFactory;

	private final ApplicationEventPublisher publisher;

	private final CpgQuorumMonitor quorum = new CpgQuorumMonitor();

	GroupBeans(ApplicationContext context) {
		this.beanFactory = context.getAutowireCapableBeanFactory();
		this.publisher = (context instanceof ConfigurableApplicationContext own) ? new CpgContextPublisher(own)
				: context;
	}

	/**
	 * Makes a group's name.
	 * @param property the property that it comes from
	 * @param advice what else the user can do if it is refused, possibly empty
	 */
	static CpgGroupName name(String property, String name, boolean terminated, String advice) {
		String mistake = TextMistakes.find(name);
		if (mistake != null) {
			throw new InvalidConfigurationPropertyValueException(property, name, mistake + advice);
		}
		try {
			return terminated ? CpgGroupName.ofTerminated(name) : CpgGroupName.of(name);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(property, name, ex.getMessage() + "." + advice);
		}
	}

	static CpgMembershipSettings settings(String prefix, CpgGroupProperties properties) {
		CpgGroupProperties.Reconnect reconnect = properties.getReconnect();
		ExponentialBackOff backOff = new ExponentialBackOff(reconnect.getInitialInterval().toMillis(),
				reconnect.getMultiplier());
		backOff.setMaxInterval(reconnect.getMaxInterval().toMillis());
		return new CpgMembershipSettings(properties.isFailFast(), properties.getJoinTimeout(),
				properties.getLeaveTimeout(), backOff, properties.getDelivery().getSlowListenerThreshold(),
				properties.getDelivery().getStallTimeout(), prefix);
	}

	CpgMembership membership(CpgGroupProperties properties, CpgConnector connector, CpgGroupName name,
			CpgMembershipSettings settings) {
		CpgMembership.Builder builder = CpgMembership.builder(connector, name, settings, this.publisher)
			.observers(provider(CpgObserver.class).orderedStream().toList())
			.mapper(this.beanFactory.getBean(CpgMessageMapper.class))
			.quorum(quorum(properties));
		provider(LeaderElection.class).stream()
			.filter((election) -> election.group().equals(name.text()))
			.forEach(builder::interceptor);
		builder.errorHandler(this::handleError);
		if (properties.getDelivery().isObservationEnabled()) {
			ObservationRegistry registry = observations("cpg.delivery");
			if (registry != null) {
				builder.observations(registry, convention(CpgDeliverObservationConvention.class));
			}
		}
		return builder.build();
	}

	/** A connector of the application's own is that of all groups. */
	private CpgQuorumMonitor quorum(CpgGroupProperties properties) {
		GroupConnectors connectors = provider(GroupConnectors.class).getIfAvailable();
		return (connectors != null) ? connectors.quorum(properties) : this.quorum;
	}

	CpgTemplate template(CpgGroupProperties properties, CpgMembership membership) {
		CpgTemplate.Builder builder = CpgTemplate.builder(membership)
			.sendTimeout(properties.getTemplate().getSendTimeout())
			.waiting(properties.getTemplate().isWait());
		if (properties.getTemplate().isObservationEnabled()) {
			ObservationRegistry registry = observations("cpg.template");
			if (registry != null) {
				builder.observations(registry, convention(CpgSendObservationConvention.class));
			}
		}
		provider(CpgTemplateCustomizer.class).orderedStream().forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	private @Nullable ObservationRegistry observations(String section) {
		return SingleBean.of(this.beanFactory, ObservationRegistry.class,
				"observe nothing: %s.observation-enabled=false, and the same for each additional group that sets it"
					.formatted(section));
	}

	private <T> @Nullable T convention(Class<T> type) {
		return SingleBean.of(this.beanFactory, type, "remove all but one of them");
	}

	/**
	 * Requires that a membership takes part in each election of this context.
	 */
	void checkElections(ListableBeanFactory beans) {
		Collection<LeaderElection> elections = beans.getBeansOfType(LeaderElection.class).values();
		if (!elections.isEmpty()) {
			// They may be lazy, and take part once they are there.
			beans.getBeansOfType(CpgMembership.class);
		}
		elections.stream().filter((election) -> !election.hasMembership()).findFirst().ifPresent((election) -> {
			throw new ElectionWithoutMembershipException(election);
		});
	}

	/**
	 * Warns if there are several error handlers and none is selected. Other projects
	 * define error handlers, too, so the start does not fail.
	 */
	void checkErrorHandler() {
		if (!this.beanFactory.containsBean(ERROR_HANDLER) && this.beanFactory instanceof ListableBeanFactory beans
				&& BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, ErrorHandler.class, true,
						false).length > 1) {
			try {
				var unused = uniqueErrorHandler();
			}
			catch (AmbiguousBeansException ex) {
				CpgLog.CONFIGURATION.warn()
					.log("{}: what listeners throw is logged only. Annotate the one that is to get it with @Primary, "
							+ "or name it '{}'.", ex.getMessage(), ERROR_HANDLER);
			}
		}
	}

	/** The handler is looked up late, as it may need the template. */
	private void handleError(Throwable ex) {
		errorHandler().handleError(ex);
	}

	private ErrorHandler errorHandler() {
		if (this.beanFactory.containsBean(ERROR_HANDLER)) {
			return this.beanFactory.getBean(ERROR_HANDLER, ErrorHandler.class);
		}
		try {
			ErrorHandler unique = uniqueErrorHandler();
			return (unique != null) ? unique : CpgMembership.LOGGING_ERROR_HANDLER;
		}
		catch (AmbiguousBeansException ex) {
			return CpgMembership.LOGGING_ERROR_HANDLER;
		}
	}

	private @Nullable ErrorHandler uniqueErrorHandler() {
		return SingleBean.of(this.beanFactory, ErrorHandler.class, "name it '" + ERROR_HANDLER + "'");
	}

	private <T> ObjectProvider<T> provider(Class<T> type) {
		return this.beanFactory.getBeanProvider(type);
	}

}

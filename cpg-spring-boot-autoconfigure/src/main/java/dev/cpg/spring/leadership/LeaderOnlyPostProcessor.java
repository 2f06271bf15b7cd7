package dev.cpg.spring.leadership;

import java.io.Serial;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationListener;

/**
 * Guards the methods with {@link LeaderOnly} by an advice that is outside of transactions
 * and aspects, but inside of {@code @Async}. A role that no {@link CpgLeadership} bean
 * has fails the start, and so does a method that cannot be guarded.
 */
public final class LeaderOnlyPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
		implements SmartInitializingSingleton, ApplicationListener<CpgLeadershipRevokedEvent>, RevocationListener {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient Guards guards = new Guards();

	private final transient InterruptibleCalls calls = new InterruptibleCalls();

	/** The roles that are named, each with one of the methods that name it. */
	private final transient Map<String, Method> named = new ConcurrentHashMap<>();

	private transient @Nullable KnownRoles roles;

	private transient volatile boolean started;

	/**
	 * Creates a post-processor, whose bean method has to be static.
	 */
	public LeaderOnlyPostProcessor() {
		setBeforeExistingAdvisors(true);
		// Right after the creators of proxies for transactions and aspects. Who comes
		// later and puts its advice first, as @Async does, is outside of this one.
		setOrder(HIGHEST_PRECEDENCE + 1);
		this.advisor = new DefaultPointcutAdvisor(this.guards,
				new LeaderOnlyInterceptor(this.guards, (role) -> roles().require(role, "A call"), this.calls));
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		this.roles = new KnownRoles(beanFactory);
	}

	private KnownRoles roles() {
		KnownRoles roles = this.roles;
		if (roles == null) {
			throw new IllegalStateException("There is no bean factory");
		}
		return roles;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (isEligible(bean, beanName)) {
			this.guards.of(AopUtils.getTargetClass(bean)).forEach(this::check);
		}
		return super.postProcessAfterInitialization(bean, beanName);
	}

	private void check(Method method, Guard guard) {
		GuardableMethods.require(method);
		this.named.putIfAbsent(guard.role(), method);
		if (this.started) {
			roles().require(guard.role(), method);
		}
	}

	/**
	 * Only now may the leaderships be created, which other beans have to process first.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.started = true;
		this.named.forEach(roles()::require);
	}

	/** For what publishes the event and knows no listeners, as tests of services do. */
	@Override
	public void onApplicationEvent(CpgLeadershipRevokedEvent event) {
		revoked(event.getRole(), event.getToken());
	}

	@Override
	public void revoked(String role, long token) {
		this.calls.revoked(role, token);
	}

}

package dev.cpg.spring.leadership;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * The roles that have a {@link CpgLeadership} bean, which are created when the first is
 * asked for.
 */
final class KnownRoles {

	private final ListableBeanFactory beanFactory;

	private volatile @Nullable Map<String, CpgLeadership> leaderships;

	KnownRoles(BeanFactory beanFactory) {
		this.beanFactory = (ListableBeanFactory) beanFactory;
	}

	/**
	 * Returns the leadership of a role.
	 * @param user what names the role
	 * @throws UnknownRoleException if there is none
	 */
	CpgLeadership require(String role, Object user) {
		Map<String, CpgLeadership> known = leaderships();
		CpgLeadership leadership = known.get(role);
		if (leadership == null) {
			throw new UnknownRoleException(describe(user), role, known.keySet());
		}
		return leadership;
	}

	/** A lock here could be waited for by a thread that has the bean factory's. */
	private Map<String, CpgLeadership> leaderships() {
		Map<String, CpgLeadership> known = this.leaderships;
		if (known == null) {
			known = new HashMap<>();
			for (CpgLeadership leadership : BeanFactoryUtils
				.beansOfTypeIncludingAncestors(this.beanFactory, CpgLeadership.class)
				.values()) {
				known.put(leadership.role(), leadership);
			}
			this.leaderships = known;
		}
		return known;
	}

	private static String describe(Object user) {
		return (user instanceof Method method) ? method.getDeclaringClass().getName() + "." + method.getName()
				: user.toString();
	}

}

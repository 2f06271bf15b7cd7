package dev.cpg.boot.autoconfigure;

import java.util.Collection;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/**
 * Looks up beans of which the starter takes one: which of several is not for it to
 * choose.
 */
final class SingleBean {

	private SingleBean() {
	}

	/**
	 * Returns the only bean of a type, or the primary one, {@code null} if there is none.
	 * @param remedy what can be done about several beside making one primary
	 * @throws AmbiguousBeansException if there are several and none is primary
	 */
	static <T> @Nullable T of(BeanFactory beanFactory, Class<T> type, String remedy) {
		try {
			return beanFactory.getBeanProvider(type).getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			Collection<String> names = Objects.requireNonNull(ex.getBeanNamesFound());
			throw new AmbiguousBeansException(type, names, remedy);
		}
	}

}

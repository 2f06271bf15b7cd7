package dev.cpg.boot.autoconfigure;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/**
 * Looks up a bean of which the starter uses one. It does not choose among several.
 */
final class SingleBean {

	private SingleBean() {
	}

	/**
	 * Returns the only bean of a type, or the primary one, {@code null} if there is none.
	 * @param remedy what can be done about several beside making one primary
	 * @throws AmbiguousBeansException if there are several and none is primary, or more
	 * than one is
	 */
	static <T> @Nullable T of(BeanFactory beanFactory, Class<T> type, String remedy) {
		try {
			return beanFactory.getBeanProvider(type).getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			Collection<String> names = ex.getBeanNamesFound();
			// Spring names them only where none is primary.
			throw (names != null) ? new AmbiguousBeansException(type, names, "none", remedy)
					: new AmbiguousBeansException(type, names(beanFactory, type), "more than one", remedy);
		}
	}

	private static List<String> names(BeanFactory beanFactory, Class<?> type) {
		return (beanFactory instanceof ListableBeanFactory beans)
				? List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type)) : List.of();
	}

}

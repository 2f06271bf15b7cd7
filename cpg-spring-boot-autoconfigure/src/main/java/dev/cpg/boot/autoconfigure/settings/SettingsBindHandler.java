package dev.cpg.boot.autoconfigure.settings;

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Bindable.BindRestriction;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.util.ObjectUtils;

/**
 * Lets the starter's settings bind where binding would fail the start otherwise. A
 * section or a map without settings is an empty text in YAML, which not every version of
 * Spring Boot takes for an empty section. A service link of Kubernetes may have the name
 * of a section or of a key.
 */
public final class SettingsBindHandler extends AbstractBindHandler {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(SettingPrefixes.ALL);

	private final Predicate<Bindable<?>> section;

	/** Creates a handler for a setting without sections. */
	public SettingsBindHandler() {
		this.section = (target) -> false;
	}

	/**
	 * Creates a handler without a parent.
	 * @param settings the class of all settings; the other classes of its package are
	 * their sections
	 */
	public SettingsBindHandler(Class<?> settings) {
		this(BindHandler.DEFAULT, settings);
	}

	/**
	 * Creates a handler.
	 * @param parent the handler that gets what this one does not handle
	 * @param settings the class of all settings; the other classes of its package are
	 * their sections
	 */
	public SettingsBindHandler(BindHandler parent, Class<?> settings) {
		super(parent);
		this.section = (target) -> PropertyNames.isSection(settings, target);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		Bindable<T> bindable = super.onStart(name, target, context);
		if (bindable != null && ROOT.isAncestorOf(name) && this.section.test(target)
				&& !GroupKeys.GROUPS.isParentOf(name)) {
			ConfigurationProperty property = property(name, context);
			return (property != null && ObjectUtils.isEmpty(property.getValue()))
					? bindable.withBindRestrictions(BindRestriction.NO_DIRECT_PROPERTY) : bindable;
		}
		return bindable;
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		if (error instanceof ConversionException && ROOT.isAncestorOf(name)) {
			ConfigurationProperty property = property(name, context);
			if (property != null && isServiceLink(property)) {
				return null;
			}
			if (property != null && error instanceof ConverterNotFoundException
					&& ObjectUtils.isEmpty(property.getValue())) {
				return GroupKeys.GROUPS.isParentOf(name)
						? BeanUtils.instantiateClass(target.getType().resolve(Object.class)) : null;
			}
		}
		return super.onFailure(name, target, context, error);
	}

	/** The context itself forgets the property when one below it could not be bound. */
	private static @Nullable ConfigurationProperty property(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	private static boolean isServiceLink(ConfigurationProperty property) {
		return property.getOrigin() instanceof PropertySourceOrigin origin
				&& ServiceLinkVariables.contain(origin.getPropertyName(), property.getValue());
	}

}

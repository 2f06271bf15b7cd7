package dev.cpg.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

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
 * Binds the starter's settings where binding by itself would end the start: a section or
 * a map that is empty, which is an empty text then and which not every version of Spring
 * Boot takes for one, and what Kubernetes sets in the place of a key.
 */
final class SettingsBindHandler extends AbstractBindHandler {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(CpgPropertiesValidator.PREFIX);

	SettingsBindHandler() {
	}

	SettingsBindHandler(BindHandler parent) {
		super(parent);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		Bindable<T> bindable = super.onStart(name, target, context);
		if (bindable != null && ROOT.isAncestorOf(name) && SettingNames.isSection(target)
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
			if (property != null && isOfAService(property)) {
				return null;
			}
			if (property != null && error instanceof ConverterNotFoundException
					&& ObjectUtils.isEmpty(property.getValue())) {
				return GroupKeys.GROUPS.isParentOf(name) ? new CpgGroupProperties() : null;
			}
		}
		return super.onFailure(name, target, context, error);
	}

	/** The context has forgotten it when what was below it could not be bound. */
	private static @Nullable ConfigurationProperty property(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	private static boolean isOfAService(ConfigurationProperty property) {
		return property.getOrigin() instanceof PropertySourceOrigin origin
				&& ServiceVariables.contain(origin.getPropertyName(), property.getValue());
	}

}

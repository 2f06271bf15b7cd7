package dev.cpg.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.ObjectUtils;

/**
 * A setting as a source of the environment has it. Binding leaves out of names what it
 * does not expect there; here they are as somebody wrote them.
 *
 * @param text the name as it was written
 * @param name the name as binding reads it
 * @param value the value
 * @param origin where it was written
 * @param source the name of the source
 * @param variable whether it is an environment variable, in whose name an underscore is a
 * dot's or a hyphen's
 */
record WrittenSetting(String text, ConfigurationPropertyName name, @Nullable Object value, Origin origin, String source,
		boolean variable) {

	/**
	 * Returns what is written of a name and below it, the source that takes precedence
	 * first. The variables by which Kubernetes names its services are not among it.
	 */
	static List<WrittenSetting> of(Environment environment, ConfigurationPropertyName root) {
		List<WrittenSetting> settings = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource names
					&& source.getUnderlyingSource() instanceof EnumerablePropertySource<?> underlying) {
				boolean variables = underlying instanceof SystemEnvironmentPropertySource;
				Stream.concat(named(underlying, variables, root), variables ? variables(names, root) : Stream.empty())
					.filter((setting) -> !ServiceVariables.contain(setting.text(), setting.value()))
					.forEach(settings::add);
			}
		}
		return settings;
	}

	private static Stream<WrittenSetting> named(EnumerablePropertySource<?> source, boolean variables,
			ConfigurationPropertyName root) {
		String first = root.getElement(0, Form.UNIFORM);
		return Stream.of(source.getPropertyNames())
			.filter((text) -> text.regionMatches(true, 0, first, 0, first.length()))
			.filter((text) -> !variables || text.indexOf('.') != -1)
			.map((text) -> new WrittenSetting(text, ConfigurationPropertyName.adapt(text, '.'),
					source.getProperty(text), PropertySourceOrigin.get(source, text), source.getName(), false))
			.filter((setting) -> isOf(root, setting.name()));
	}

	private static Stream<WrittenSetting> variables(IterableConfigurationPropertySource source,
			ConfigurationPropertyName root) {
		return source.stream()
			.filter((name) -> isOf(root, name))
			.map(source::getConfigurationProperty)
			.flatMap((property) -> (property != null && property.getOrigin() instanceof PropertySourceOrigin origin)
					? Stream.of(variable(property, origin)) : Stream.empty());
	}

	private static boolean isOf(ConfigurationPropertyName root, ConfigurationPropertyName name) {
		return root.equals(name) || root.isAncestorOf(name);
	}

	private static WrittenSetting variable(ConfigurationProperty property, PropertySourceOrigin origin) {
		return new WrittenSetting(origin.getPropertyName(), property.getName(), property.getValue(), origin,
				origin.getPropertySource().getName(), true);
	}

	boolean isEmpty() {
		return ObjectUtils.isEmpty(this.value);
	}

	/**
	 * Returns what was written behind the first elements of the name, with the dot or
	 * bracket that it begins with.
	 */
	String behind(int elements) {
		int end = 0;
		for (int i = 0; i < elements; i++) {
			end = IntStream.range(end + 1, this.text.length())
				.filter((index) -> this.text.charAt(index) == '.' || this.text.charAt(index) == '[')
				.findFirst()
				.orElse(this.text.length());
		}
		String rest = this.text.substring(end);
		return rest.startsWith(".[") ? rest.substring(1) : rest;
	}

	/**
	 * Returns a name in the form in which those that binding takes for the same are
	 * equal, in environment variables too.
	 */
	static String squash(ConfigurationPropertyName name) {
		return uniform(name).replace(".", "");
	}

	/** Returns a name without what binding does not look at. */
	static String uniform(ConfigurationPropertyName name) {
		return IntStream.range(0, name.getNumberOfElements())
			.mapToObj((i) -> name.getElement(i, Form.UNIFORM).toLowerCase(Locale.ROOT).replace("-", ""))
			.collect(Collectors.joining("."));
	}

	/** Returns the elements of a name from one on, as they were written. */
	static String original(ConfigurationPropertyName name, int from) {
		return IntStream.range(from, name.getNumberOfElements())
			.mapToObj((i) -> name.getElement(i, Form.ORIGINAL))
			.collect(Collectors.joining("."));
	}

}

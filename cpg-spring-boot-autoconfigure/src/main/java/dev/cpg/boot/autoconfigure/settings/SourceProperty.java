package dev.cpg.boot.autoconfigure.settings;

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
 * A property as a source of the environment has it. Binding drops unexpected characters
 * from names; here the name is also the one that the user wrote.
 *
 * @param text the name as the user wrote it
 * @param name the name as binding reads it
 * @param value the value
 * @param origin where the user wrote it
 * @param source the name of the source
 * @param variable whether it is an environment variable, in whose name an underscore
 * stands for a dot or a hyphen
 */
public record SourceProperty(String text, ConfigurationPropertyName name, @Nullable Object value, Origin origin,
		String source, boolean variable) {

	/**
	 * Returns the properties with a name and below it, those of the source with the
	 * highest precedence first. Service links of Kubernetes are not among them.
	 * @param environment has the sources
	 * @param root the name
	 */
	public static List<SourceProperty> of(Environment environment, ConfigurationPropertyName root) {
		List<SourceProperty> properties = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource names
					&& source.getUnderlyingSource() instanceof EnumerablePropertySource<?> underlying) {
				boolean variables = underlying instanceof SystemEnvironmentPropertySource;
				Stream.concat(named(underlying, variables, root), variables ? variables(names, root) : Stream.empty())
					.filter((property) -> !ServiceLinkVariables.contain(property.text(), property.value()))
					.forEach(properties::add);
			}
		}
		return properties;
	}

	private static Stream<SourceProperty> named(EnumerablePropertySource<?> source, boolean variables,
			ConfigurationPropertyName root) {
		String first = root.getElement(0, Form.UNIFORM);
		return Stream.of(source.getPropertyNames())
			.filter((text) -> text.regionMatches(true, 0, first, 0, first.length()))
			.filter((text) -> !variables || text.indexOf('.') != -1)
			.map((text) -> new SourceProperty(text, ConfigurationPropertyName.adapt(text, '.'),
					source.getProperty(text), PropertySourceOrigin.get(source, text), source.getName(), false))
			.filter((property) -> isOf(root, property.name()));
	}

	private static Stream<SourceProperty> variables(IterableConfigurationPropertySource source,
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

	private static SourceProperty variable(ConfigurationProperty property, PropertySourceOrigin origin) {
		return new SourceProperty(origin.getPropertyName(), property.getName(), property.getValue(), origin,
				origin.getPropertySource().getName(), true);
	}

	/**
	 * Returns whether the value is empty or missing.
	 */
	public boolean isEmpty() {
		return ObjectUtils.isEmpty(this.value);
	}

	/**
	 * Returns what the user wrote behind the first elements of the name, with the dot or
	 * bracket that it begins with.
	 */
	String textBehind(int elements) {
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
	 * Returns a name in a form in which all spellings are equal that binding takes for
	 * the same, those of environment variables included.
	 */
	static String squash(ConfigurationPropertyName name) {
		return uniform(name).replace(".", "");
	}

	/** Returns a name without case and hyphens, which binding ignores. */
	static String uniform(ConfigurationPropertyName name) {
		return IntStream.range(0, name.getNumberOfElements())
			.mapToObj((i) -> name.getElement(i, Form.UNIFORM).toLowerCase(Locale.ROOT).replace("-", ""))
			.collect(Collectors.joining("."));
	}

	/** Returns the elements of a name, from an index on, as the user wrote them. */
	static String original(ConfigurationPropertyName name, int from) {
		return IntStream.range(from, name.getNumberOfElements())
			.mapToObj((i) -> name.getElement(i, Form.ORIGINAL))
			.collect(Collectors.joining("."));
	}

}

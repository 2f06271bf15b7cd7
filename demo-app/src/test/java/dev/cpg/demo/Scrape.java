package dev.cpg.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The samples that Prometheus reads from a service, with the label {@code instance} that
 * it adds.
 *
 * @param samples the samples, in their order
 */
record Scrape(List<Sample> samples) {

	private static final Pattern SAMPLE = Pattern
		.compile("(?<name>[a-zA-Z_:][\\w:]*)(?:\\{(?<labels>.*)})? (?<value>\\S+)");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	static Scrape of(String text, String instance) {
		List<Sample> samples = new ArrayList<>();
		text.lines().filter((line) -> !line.startsWith("#")).forEach((line) -> {
			Matcher sample = SAMPLE.matcher(line);
			assertThat(sample.matches()).as(line).isTrue();
			Map<String, String> labels = new HashMap<>(Map.of("instance", instance));
			String written = sample.group("labels");
			if (written != null) {
				LABEL.matcher(written).results().forEach((label) -> labels.put(label.group(1), label.group(2)));
			}
			samples
				.add(new Sample(sample.group("name"), Map.copyOf(labels), Double.parseDouble(sample.group("value"))));
		});
		return new Scrape(samples);
	}

	Set<String> names(String prefix) {
		Set<String> names = new TreeSet<>();
		this.samples.stream().map(Sample::name).filter((name) -> name.startsWith(prefix)).forEach(names::add);
		return names;
	}

	List<Sample> matching(PromQuery.Selector selector) {
		return this.samples.stream()
			.filter((sample) -> sample.name().equals(selector.metric()) && selector.matches(sample.labels()))
			.toList();
	}

	/**
	 * One value.
	 *
	 * @param name the name of the time series
	 * @param labels its labels
	 * @param value the value
	 */
	record Sample(String name, Map<String, String> labels, double value) {
	}

}

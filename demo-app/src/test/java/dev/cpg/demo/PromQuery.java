package dev.cpg.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parts of a PromQL expression that decide whether a scrape has the time series for
 * it. Grafana's variables match any value.
 *
 * @param selectors the time series of the expression
 * @param groupings the labels that remain, for each aggregation
 */
record PromQuery(List<Selector> selectors, List<List<String>> groupings) {

	private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*(\\d+)");

	private static final Pattern GROUPING = Pattern.compile("\\bby\\s*\\(([^)]*)\\)");

	private static final Pattern NAME = Pattern.compile("\\b([a-zA-Z_:][\\w:]*)\\b(?!\\s*\\()(?:\\s*\\{([^{}]*)})?");

	private static final Pattern UNKNOWN = Pattern
		.compile("\\b(without|on|ignoring|group_left|group_right|and|or|unless|bool|offset)\\b");

	private static final Pattern WORD = Pattern.compile("\\w+");

	static PromQuery of(String expression) {
		String query = expression.replace("$__rate_interval", "1m");
		List<String> strings = STRING.matcher(query).results().map(MatchResult::group).map(PromQuery::content).toList();
		int[] count = { 0 };
		query = STRING.matcher(query).replaceAll((string) -> String.valueOf(count[0]++));
		assertThat(query).as("variables outside of strings in %s", expression).doesNotContain("$");
		assertThat(query).as("PromQL that this test does not understand").doesNotContainPattern(UNKNOWN);
		List<List<String>> groupings = GROUPING.matcher(query)
			.results()
			.map((grouping) -> WORD.matcher(grouping.group(1)).results().map(MatchResult::group).toList())
			.toList();
		query = GROUPING.matcher(query).replaceAll("").replaceAll("\\[[^\\]]*]", "");
		List<Selector> selectors = new ArrayList<>();
		Matcher name = NAME.matcher(query);
		while (name.find()) {
			String labels = name.group(2);
			selectors.add(new Selector(name.group(1), (labels != null) ? conditions(labels, strings) : List.of()));
		}
		assertThat(selectors).as("time series in %s", expression).isNotEmpty();
		return new PromQuery(selectors, groupings);
	}

	private static String content(String string) {
		return string.substring(1, string.length() - 1);
	}

	private static List<Condition> conditions(String labels, List<String> strings) {
		return MATCHER.matcher(labels)
			.results()
			.map((matcher) -> new Condition(matcher.group(1), matcher.group(2),
					strings.get(Integer.parseInt(matcher.group(3)))))
			.toList();
	}

	/**
	 * Time series by their name and labels.
	 *
	 * @param metric the name
	 * @param conditions the conditions on the labels
	 */
	record Selector(String metric, List<Condition> conditions) {

		boolean matches(Map<String, String> labels) {
			return this.conditions.stream().allMatch((condition) -> condition.holds(labels));
		}

	}

	/**
	 * A condition on a label.
	 *
	 * @param label the label
	 * @param operator the operator of the comparison
	 * @param value the other value
	 */
	record Condition(String label, String operator, String value) {

		boolean holds(Map<String, String> labels) {
			String actual = labels.get(this.label);
			if (actual == null) {
				return false;
			}
			if (this.value.startsWith("$")) {
				return true;
			}
			return switch (this.operator) {
				case "=" -> actual.equals(this.value);
				case "!=" -> !actual.equals(this.value);
				case "=~" -> actual.matches(this.value);
				default -> !actual.matches(this.value);
			};
		}

	}

}

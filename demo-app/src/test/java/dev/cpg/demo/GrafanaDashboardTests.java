package dev.cpg.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.cpg.demo.Scrape.Sample;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The dashboard in {@code docs/grafana-dashboard.json} and the meters that Prometheus
 * reads from the demo, which is a member of a group on a real Corosync.
 */
@CorosyncTest(nodes = 1)
@Timeout(120)
class GrafanaDashboardTests {

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*),\\s*(\\w+)\\)");

	private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	private final JsonNode dashboard = this.json.readTree(Path.of("..", "docs", "grafana-dashboard.json").toFile());

	private final CorosyncCluster cluster;

	GrafanaDashboardTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void everyPanelShowsMetersOfTheDemo() throws Exception {
		Scrape scrape = scrapeDemo();
		for (JsonNode panel : panels()) {
			assertThat(panel.path("targets")).as(panel.path("title").asString()).isNotEmpty();
			for (JsonNode target : panel.path("targets")) {
				shows(panel.path("title").asString(), target, scrape);
			}
		}
	}

	@Test
	void everyVariableHasValuesAndAllPanelsUseThem() throws Exception {
		Scrape scrape = scrapeDemo();
		assertThat(this.dashboard.at("/templating/list")).extracting((variable) -> variable.path("name").asString())
			.containsExactly("datasource", "group", "instance");
		for (JsonNode variable : this.dashboard.at("/templating/list")) {
			if (variable.path("type").asString().equals("query")) {
				Matcher query = LABEL_VALUES.matcher(variable.at("/query/query").asString());
				assertThat(query.matches()).as(variable.at("/query/query").asString()).isTrue();
				PromQuery.of(query.group(1))
					.selectors()
					.forEach((selector) -> assertThat(scrape.matching(selector)).as(query.group())
						.isNotEmpty()
						.allSatisfy((sample) -> assertThat(sample.labels()).containsKey(query.group(2))));
				assertThat(variable.path("definition")).isEqualTo(variable.at("/query/query"));
			}
		}
		for (String expression : expressions()) {
			assertThat(PromQuery.of(expression).selectors())
				.allSatisfy((selector) -> assertThat(selector.conditions()).extracting(PromQuery.Condition::value)
					.as(expression)
					.contains("$group", "$instance"));
		}
	}

	@Test
	void everyMeterOfTheStarterIsOnAPanel() throws Exception {
		Set<String> shown = new TreeSet<>();
		expressions().forEach((expression) -> PromQuery.of(expression)
			.selectors()
			.forEach((selector) -> shown.add(selector.metric())));
		assertThat(shown).isEqualTo(scrapeDemo().names("cpg_"));
	}

	@Test
	void everyPanelHasATitleADescriptionAUnitAndItsOwnPlace() {
		Set<Integer> ids = new HashSet<>();
		Set<List<Integer>> places = new HashSet<>();
		for (JsonNode panel : panels()) {
			assertThat(panel.path("title").asString("")).isNotEmpty();
			assertThat(panel.path("description").asString("")).as(panel.path("title").asString()).isNotEmpty();
			assertThat(panel.at("/fieldConfig/defaults/unit").asString("")).as(panel.path("title").asString())
				.isNotEmpty();
			assertThat(panel.at("/datasource/uid").asString("")).isEqualTo("${datasource}");
			assertThat(ids.add(panel.path("id").asInt())).isTrue();
			JsonNode grid = panel.path("gridPos");
			for (int x = grid.path("x").asInt(); x < grid.path("x").asInt() + grid.path("w").asInt(); x++) {
				for (int y = grid.path("y").asInt(); y < grid.path("y").asInt() + grid.path("h").asInt(); y++) {
					assertThat(x).isLessThan(24);
					assertThat(places.add(List.of(x, y))).as(panel.path("title").asString()).isTrue();
				}
			}
		}
	}

	private void shows(String panel, JsonNode target, Scrape scrape) {
		String expression = target.path("expr").asString();
		PromQuery query = PromQuery.of(expression);
		Set<String> legend = new HashSet<>();
		LEGEND_LABEL.matcher(target.path("legendFormat").asString())
			.results()
			.map((label) -> label.group(1))
			.forEach(legend::add);
		for (PromQuery.Selector selector : query.selectors()) {
			List<Sample> samples = scrape.matching(selector);
			assertThat(samples).as("%s: %s in %s", panel, selector, expression).isNotEmpty();
			for (Sample sample : samples) {
				Map<String, String> labels = sample.labels();
				assertThat(labels).as("%s: %s", panel, expression).containsKeys(legend.toArray(String[]::new));
				query.groupings()
					.forEach((grouping) -> assertThat(labels).as("%s: %s", panel, expression)
						.containsKeys(grouping.toArray(String[]::new)));
			}
		}
		query.groupings()
			.forEach((grouping) -> assertThat(grouping).as("%s: the legend of %s", panel, expression)
				.containsAll(legend));
	}

	private List<JsonNode> panels() {
		List<JsonNode> panels = this.dashboard.path("panels")
			.valueStream()
			.filter((panel) -> !panel.path("type").asString().equals("row"))
			.toList();
		assertThat(panels).isNotEmpty();
		return panels;
	}

	private List<String> expressions() {
		return panels().stream()
			.flatMap((panel) -> panel.path("targets").valueStream())
			.map((target) -> target.path("expr").asString())
			.toList();
	}

	/**
	 * Starts the demo and lets it send messages before its meters are read.
	 */
	private Scrape scrapeDemo() throws Exception {
		try (ConfigurableApplicationContext demo = SpringApplication.run(DemoApplication.class, "--server.port=0",
				"--cpg.fail-fast=true", "--cpg.corosync.socket-directory=" + this.cluster.node(1).socketDirectory())) {
			String instance = "127.0.0.1:" + demo.getEnvironment().getProperty("local.server.port");
			for (int i = 1; i <= 3; i++) {
				post(instance, "message " + i);
			}
			// A send may end just before its listener is notified.
			return await().until(() -> Scrape.of(get(instance), instance), GrafanaDashboardTests::showsThreeMessages);
		}
	}

	private static boolean showsThreeMessages(Scrape scrape) {
		List<Sample> delivered = scrape.samples()
			.stream()
			.filter((sample) -> sample.name().equals("cpg_messages_delivered_total"))
			.toList();
		assertThat(delivered).hasSize(1);
		return delivered.get(0).value() == 3;
	}

	private void post(String instance, String text) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http
			.send(HttpRequest.newBuilder(URI.create("http://" + instance + "/api/messages"))
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
				.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	private String get(String instance) throws IOException, InterruptedException {
		HttpResponse<String> response = this.http.send(
				HttpRequest.newBuilder(URI.create("http://" + instance + "/actuator/prometheus")).build(),
				BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return response.body();
	}

}

package dev.cpg.demo.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.cpg.demo.cluster.DemoPage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page's tour in a real browser. With {@code -Dcpg.docs.write=true} they
 * write the pictures of the README.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "cpg.mode=embedded")
@Timeout(180)
class DemoTourTests {

	private static final int STEPS = 6;

	private static final int SPLIT = 2;

	private static final int PHONE = 390;

	private static final int PHONE_HEIGHT = 844;

	/** The least that the Web Content Accessibility Guidelines 2.2 ask for. */
	private static final int TARGET = 24;

	@RegisterExtension
	private static final Chromium chromium = new Chromium();

	private DemoPage page;

	@BeforeEach
	void openPage(@LocalServerPort int port) throws Exception {
		new ClusterApi(port).act("/reset", "{}");
		this.page = new DemoPage(chromium.driver());
		this.page.looks(1280, 900, 1, "light");
		this.page.open(port);
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void splitsTheClusterAndSendsOnBothSides(String scheme) throws Exception {
		this.page.looks(1280, 900, 1, scheme);
		takeTour();
		eventually(() -> assertThat(this.page.notices(3, "MESSAGE", "text")).containsExactly("message 1", "message 3",
				"message 4"));
		for (int node : new int[] { 1, 2 }) {
			eventually(() -> assertThat(this.page.notices(node, "MESSAGE", "text")).containsExactly("message 1",
					"message 2", "message 4"));
			assertThat(this.page.notices(node, "CHANGE", "reasons")).hasSize(2)
				.satisfiesExactly((first) -> assertThat(first).endsWith("NODEDOWN"),
						(second) -> assertThat(second).endsWith("NODEUP"));
			List<String> apart = this.page.notices(3, "MESSAGE", "row");
			assertThat(this.page.notices(node, "MESSAGE", "row")).startsWith(apart.get(0)).endsWith(apart.get(2));
		}
		assertThat(this.page.errors()).isEmpty();
		assertThat(this.page.faint()).as("text without enough contrast").isEmpty();
		picture(scheme);
	}

	@Test
	void canBeTakenByKeyboardAlone() {
		this.page.tabTo("tour-start");
		this.page.press(Keys.ENTER);
		for (int step = 1; step <= STEPS; step++) {
			eventually(() -> assertThat(this.page.focused()).isEqualTo("tour-do"));
			this.page.awaitStep(step, () -> this.page.press(Keys.ENTER));
			if (step < STEPS) {
				this.page.tabTo("tour-next");
				this.page.press(Keys.SPACE);
				this.page.tabBackTo("tour-do");
			}
		}
		this.page.tabTo("tour-end");
		this.page.press(Keys.ENTER);
		assertThat(this.page.focused()).isEqualTo("tour-start");
	}

	@Test
	void fitsAPhone() throws Exception {
		this.page.looks(PHONE, PHONE_HEIGHT, 2, "light");
		this.page.click("tour-start");
		for (int step = 1; step <= STEPS; step++) {
			this.page.awaitStep(step, () -> this.page.click("tour-do"));
			assertThat(this.page.script("return document.documentElement.scrollWidth")).isEqualTo((long) PHONE);
			assertThat(this.page.script("return document.getElementById('lanes').getBoundingClientRect().top"))
				.as("where the members begin on the screen")
				.asString()
				.satisfies((top) -> assertThat(Double.parseDouble(top)).isLessThan(PHONE_HEIGHT - 200));
			for (WebElement control : this.page.controls()) {
				assertThat(control.getSize().height).as(control.getAccessibleName()).isGreaterThanOrEqualTo(TARGET);
				assertThat(control.getSize().width).as(control.getAccessibleName()).isGreaterThanOrEqualTo(TARGET);
			}
			if (step < STEPS) {
				this.page.click("tour-next");
			}
		}
		assertThat(this.page.faint()).as("text without enough contrast").isEmpty();
	}

	private void takeTour() {
		this.page.click("tour-start");
		long before = tokenSeenOn(1, 2, 3);
		eventually(() -> assertThat(this.page.facts(3)).containsEntry("leads", "true"));
		for (int step = 1; step <= STEPS; step++) {
			this.page.awaitStep(step, () -> this.page.click("tour-do"));
			if (step == SPLIT) {
				seesNobodyLead(3);
				assertThat(tokenSeenOn(1, 2)).as("the token of the side with quorum").isGreaterThan(before);
				before = tokenSeenOn(1, 2);
			}
			if (step < STEPS) {
				this.page.click("tour-next");
			}
		}
		assertThat(tokenSeenOn(1, 2, 3)).as("the token after the heal").isGreaterThanOrEqualTo(before);
	}

	/**
	 * Waits until the members on some nodes show quorum and the same leader, who is one
	 * of them and marked as such.
	 * @return the token that they show
	 */
	private long tokenSeenOn(int... nodes) {
		AtomicLong token = new AtomicLong();
		eventually(() -> {
			List<Map<String, String>> facts = IntStream.of(nodes).mapToObj(this.page::facts).toList();
			assertThat(facts).allSatisfy((seen) -> assertThat(seen.get("Ring")).endsWith("has quorum"));
			assertThat(facts).extracting((seen) -> seen.get("Leader") + " " + seen.get("Token"))
				.containsOnly(facts.stream()
					.filter((seen) -> "true".equals(seen.get("leads")))
					.map((seen) -> seen.get("address") + " " + seen.get("Token"))
					.collect(Collectors.joining(" and ")));
			token.set(Long.parseLong(facts.get(0).get("Token")));
		});
		return token.get();
	}

	private void seesNobodyLead(int node) {
		eventually(() -> assertThat(this.page.facts(node)).containsEntry("Leader", "nobody")
			.containsEntry("Why", "its ring has no quorum")
			.containsEntry("leads", "false")
			.doesNotContainKey("Token")
			.hasEntrySatisfying("Ring", (ring) -> assertThat(ring).endsWith("has no quorum")));
		assertThat(this.page.notices(node, "REVOKED", "reason")).last().isIn("LEASE", "QUORUM");
		assertThat(this.page.notices(node, "QUORUM", "reason")).last().isEqualTo("INQUORATE");
	}

	private void picture(String scheme) throws Exception {
		if (Boolean.getBoolean("cpg.docs.write")) {
			this.page.looks(1280, 1440, 1.25, scheme);
			Files.write(Path.of("..", "docs", "demo-" + scheme + ".png"), this.page.screenshot());
		}
	}

}

package dev.cpg.demo.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

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
			assertThat(this.page.notices(node, "MESSAGE", "row")).startsWith("0")
				.endsWith(this.page.notices(3, "MESSAGE", "row").get(2));
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
		for (int step = 1; step <= STEPS; step++) {
			this.page.awaitStep(step, () -> this.page.click("tour-do"));
			if (step < STEPS) {
				this.page.click("tour-next");
			}
		}
	}

	private void picture(String scheme) throws Exception {
		if (Boolean.getBoolean("cpg.docs.write")) {
			this.page.looks(1280, 1130, 1.25, scheme);
			Files.write(Path.of("..", "docs", "demo-" + scheme + ".png"), this.page.screenshot());
		}
	}

}

package dev.cpg.demo.cluster;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.cpg.demo.cluster.DemoPage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what can be done on the page, in a real browser.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "cpg.mode=embedded")
@Timeout(180)
class DemoPageTests {

	@RegisterExtension
	private static final Chromium chromium = new Chromium();

	private DemoPage page;

	@BeforeEach
	void openPage(@LocalServerPort int port) throws Exception {
		new ClusterApi(port).act("/reset", "{}");
		this.page = new DemoPage(chromium.driver());
		this.page.looks(1280, 1400, 1, "light");
		this.page.open(port);
	}

	@Test
	void aNodeIsDraggedOutOfItsSideAndBack() {
		this.page.drag("handle-3", "apart");
		eventually(() -> assertThat(this.page.sides()).containsExactly("1 2", "3"));
		eventually(
				() -> assertThat(this.page.notices(1, "CHANGE", "reasons")).containsExactly(address(3) + " NODEDOWN"));
		this.page.drag("handle-3", "handle-1");
		eventually(() -> assertThat(this.page.sides()).containsExactly("1 2 3"));
		eventually(() -> assertThat(this.page.notices(1, "CHANGE", "reasons")).endsWith(address(3) + " NODEUP"));
	}

	@Test
	void aNodeIsCutOffAndBroughtBackByTheKeyboard() {
		this.page.tabTo("cut-2");
		this.page.press(Keys.ENTER);
		eventually(() -> assertThat(this.page.sides()).containsExactly("1 3", "2"));
		eventually(() -> assertThat(this.page.focused()).isEqualTo("back-2"));
		this.page.press(Keys.ENTER);
		eventually(() -> assertThat(this.page.sides()).containsExactly("1 2 3"));
	}

	@Test
	void aDroppedMessageIsShownInTheLaneOfItsSenderAlone() {
		String sender = this.page.keyOn(2);
		this.page.click("drop-" + sender);
		eventually(
				() -> assertThat(this.page.find("drop-" + sender).getDomAttribute("aria-pressed")).isEqualTo("true"));
		this.page.find("text-" + sender).sendKeys("gone", Keys.ENTER);
		eventually(() -> assertThat(this.page.notices(2, "LOST", "text")).containsExactly("gone"));
		this.page.find("text-" + sender).sendKeys("<b>here</b>", Keys.ENTER);
		eventually(() -> assertThat(this.page.notices(3, "MESSAGE", "text")).containsExactly("<b>here</b>"));
		assertThat(this.page.find("lane-" + sender).getText()).contains("<b>here</b>");
		assertThat(this.page.find("problem").isDisplayed()).isFalse();
	}

	@Test
	void membersAndNodesComeAndGo() {
		String killed = address(3);
		this.page.click("kill-" + this.page.keyOn(3));
		eventually(() -> assertThat(this.page.notices(1, "CHANGE", "reasons")).containsExactly(killed + " PROCDOWN"));
		this.page.click("add-3");
		eventually(() -> assertThat(this.page.lanes()).hasSize(4));
		this.page.click("kill-node-2");
		eventually(() -> assertThat(this.page.notices(1, "CHANGE", "reasons")).endsWith(address(2) + " NODEDOWN"));
		assertThat(this.page.data("node-2", "state")).isEqualTo("stopped");
		this.page.click("start-2");
		eventually(() -> assertThat(this.page.data("lane-" + this.page.keyOn(1), "view").split(" ")).hasSize(3));
		this.page.click("clear");
		eventually(() -> assertThat(this.page.lanes()).hasSize(3));
	}

	@Test
	void aPausedMemberKeepsItsView() {
		this.page.click("pause-2");
		eventually(
				() -> assertThat(this.page.notices(1, "CHANGE", "reasons")).containsExactly(address(2) + " NODEDOWN"));
		assertThat(this.page.data("lane-" + this.page.keyOn(2), "view").split(" ")).hasSize(3);
		assertThat(this.page.find("lane-" + this.page.keyOn(2)).getText()).contains("node paused");
		this.page.click("resume-2");
		eventually(() -> assertThat(this.page.notices(1, "CHANGE", "reasons")).hasSize(2));
	}

	@Test
	void screenReadersHaveNamesAndChanges() {
		for (WebElement control : this.page.controls()) {
			assertThat(control.getAccessibleName()).as(control.getDomAttribute("data-testid")).isNotBlank();
		}
		this.page
			.script("""
					window.said = [];
					const announcer = document.getElementById('announcer');
					new MutationObserver(() => window.said.push(announcer.textContent)).observe(announcer, { childList: true });
					return true;
					""");
		this.page.click("send-" + this.page.keyOn(1));
		eventually(() -> assertThat(this.page.script("return window.said.join(' ')")).asString()
			.contains("Members %s, %s and %s: “message 1” from %s.".formatted(address(1), address(2), address(3),
					address(1))));
	}

	@Test
	void theLeaderHandsOverByAButtonAndEachLaneShowsTheNextOne() {
		String token = this.page.data("lane-" + this.page.keyOn(1), "token");
		this.page.click("hand-over");
		eventually(() -> assertThat(this.page.notices(3, "REVOKED", "reason")).contains("YIELD"));
		for (int node = 1; node <= ClusterConfiguration.NODES; node++) {
			String lane = "lane-" + this.page.keyOn(node);
			eventually(() -> assertThat(this.page.data(lane, "token")).isGreaterThan(token));
			eventually(() -> assertThat(this.page.data(lane, "leader")).isIn(address(1), address(2)));
		}
	}

	private String address(int node) {
		return this.page.keyOn(node).replace('.', '/');
	}

}

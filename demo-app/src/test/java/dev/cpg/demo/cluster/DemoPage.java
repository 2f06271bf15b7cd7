package dev.cpg.demo.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.logging.Level;

import org.awaitility.core.ThrowingRunnable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The demo's page in a browser. Things on it have the names that {@code index.html}
 * lists.
 */
class DemoPage {

	private static final int MAX_TABS = 80;

	private final ChromeDriver driver;

	DemoPage(ChromeDriver driver) {
		this.driver = driver;
	}

	void open(int port) {
		this.driver.get("http://localhost:" + port);
		eventually(() -> assertThat(lanes()).hasSize(ClusterConfiguration.NODES));
	}

	/** Has the page look as on a screen of a size, light or dark, without animations. */
	void looks(int width, int height, double scale, String scheme) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", width < 500));
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme),
						Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
	}

	WebElement find(String testId) {
		return this.driver.findElement(named(testId));
	}

	private static By named(String testId) {
		return By.cssSelector("[data-testid='" + testId + "']");
	}

	void click(String testId) {
		find(testId).click();
	}

	String data(String testId, String name) {
		return attribute(find(testId), "data-" + name);
	}

	List<WebElement> lanes() {
		return this.driver.findElements(By.cssSelector("[data-testid^='lane-']"));
	}

	/** Returns the end of the names of the lane of the first member on a node. */
	String keyOn(int node) {
		return attribute(this.driver.findElement(By.cssSelector("[data-testid^='lane-" + node + ".']")), "data-testid")
			.substring("lane-".length());
	}

	/** Returns an attribute of the notices of a kind in the lane of a node's member. */
	List<String> notices(int node, String kind, String attribute) {
		return find("lane-" + keyOn(node))
			.findElements(By.cssSelector("[data-testid='notice'][data-kind='" + kind + "']"))
			.stream()
			.map((notice) -> attribute(notice, "data-" + attribute))
			.toList();
	}

	/**
	 * Returns what is to be read in the header of the lane of a node's member, by its
	 * names, and its {@code address}, and whether it is marked as the leader, as
	 * {@code leads}.
	 */
	@SuppressWarnings("unchecked")
	Map<String, String> facts(int node) {
		return (Map<String, String>) script(
				"""
						const header = document.querySelector(`[data-testid^='lane-${arguments[0]}.'] .lane-header`);
						const facts = [...header.querySelectorAll('dt')].map((name) => [name.innerText, name.nextElementSibling.innerText]);
						return Object.fromEntries([...facts, ['address', header.querySelector('h3 .address').innerText],
							['leads', String(header.querySelector('h3').innerText.includes('leads'))]]);
						""",
				node);
	}

	List<WebElement> controls() {
		return this.driver.findElements(By.cssSelector("#cluster-view button, #cluster-view input"))
			.stream()
			.filter(WebElement::isDisplayed)
			.toList();
	}

	void press(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	String focused() {
		return attribute(this.driver.switchTo().activeElement(), "data-testid");
	}

	/** Moves the focus forward by the tabulator alone. */
	void tabTo(String testId) {
		moveFocus(testId, (keyboard) -> keyboard.sendKeys(Keys.TAB));
	}

	void tabBackTo(String testId) {
		moveFocus(testId, (keyboard) -> keyboard.keyDown(Keys.SHIFT).sendKeys(Keys.TAB).keyUp(Keys.SHIFT));
	}

	private void moveFocus(String testId, UnaryOperator<Actions> keys) {
		List<String> passed = new ArrayList<>();
		while (!focused().equals(testId)) {
			passed.add(focused());
			assertThat(passed).as("what the tabulator reaches").hasSizeLessThan(MAX_TABS);
			keys.apply(new Actions(this.driver)).perform();
		}
	}

	void drag(String handle, String target) {
		new Actions(this.driver).clickAndHold(find(handle)).moveToElement(find(target)).release().perform();
	}

	/** Does the step of the tour that is shown, and waits until it is done. */
	void awaitStep(int step, Runnable action) {
		eventually(() -> assertThat(data("tour", "step")).isEqualTo(String.valueOf(step)));
		action.run();
		eventually(() -> assertThat(data("tour", "done")).as("step %d: %s", step, find("tour-text").getText())
			.isEqualTo("true"));
	}

	/** Returns the nodes of each side of the network, such as "1 2". */
	List<String> sides() {
		return this.driver.findElements(named("side")).stream().map((side) -> attribute(side, "data-nodes")).toList();
	}

	/** Returns what is written with too little contrast. */
	@SuppressWarnings("unchecked")
	List<String> faint() throws IOException {
		String script = new ClassPathResource("contrast.js", DemoPage.class).getContentAsString(StandardCharsets.UTF_8);
		return (List<String>) script(script);
	}

	private static String attribute(WebElement element, String name) {
		return Objects.requireNonNullElse(element.getDomAttribute(name), "");
	}

	Object script(String script, Object... arguments) {
		return Objects.requireNonNull(this.driver.executeScript(script, arguments));
	}

	byte[] screenshot() {
		return this.driver.getScreenshotAs(OutputType.BYTES);
	}

	/** Returns what the browser reports as errors. */
	List<String> errors() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
			.map(Object::toString)
			.toList();
	}

	static void eventually(ThrowingRunnable assertion) {
		await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
	}

}

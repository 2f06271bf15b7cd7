package dev.cpg.demo.cluster;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * Has the tests of a class use a browser without a screen. Where there is none, they are
 * skipped, or with {@code DEMO_REQUIRE_BROWSER=true} in the environment they fail.
 */
final class Chromium implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {

	private final @Nullable Path browser = find("chromium", "chromium-browser", "google-chrome");

	private final @Nullable Path chromedriver = find("chromedriver");

	private @Nullable ChromeDriver running;

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (this.browser != null && this.chromedriver != null) {
			return ConditionEvaluationResult.enabled("There is a browser");
		}
		String reason = "No chromium or google-chrome with chromedriver is on the PATH (Debian: chromium, chromium-driver).";
		if (Boolean.parseBoolean(System.getenv("DEMO_REQUIRE_BROWSER"))) {
			throw new IllegalStateException(reason + " DEMO_REQUIRE_BROWSER=true asks for one.");
		}
		return ConditionEvaluationResult.disabled(reason);
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(Objects.requireNonNull(this.browser).toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--window-size=1280,900");
		this.running = new ChromeDriver(new ChromeDriverService.Builder()
			.usingDriverExecutable(Objects.requireNonNull(this.chromedriver).toFile())
			.usingAnyFreePort()
			.withSilent(true)
			.build(), options);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (this.running != null) {
			this.running.quit();
		}
	}

	ChromeDriver driver() {
		return Objects.requireNonNull(this.running);
	}

	private static @Nullable Path find(String... names) {
		List<String> path = List.of(System.getenv("PATH").split(File.pathSeparator));
		return Stream.of(names)
			.flatMap((name) -> path.stream().map((directory) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

}

package dev.cpg.demo.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * Starts a browser without a screen. Where there is none, tests that need one are
 * skipped, or with {@code DEMO_REQUIRE_BROWSER=true} in the environment they fail.
 */
final class Chromium {

	private Chromium() {
	}

	static ChromeDriver start() {
		Path browser = find("chromium", "chromium-browser", "google-chrome");
		Path driver = find("chromedriver");
		ChromeOptions options = new ChromeOptions();
		options.setBinary(browser.toFile());
		options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--window-size=1280,900");
		return new ChromeDriver(new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile())
			.usingAnyFreePort()
			.withSilent(true)
			.build(), options);
	}

	private static Path find(String... names) {
		Optional<Path> found = Stream.of(names)
			.flatMap((name) -> path().stream().map((directory) -> Path.of(directory, name)))
			.filter(Files::isExecutable)
			.findFirst();
		if (found.isEmpty()) {
			String reason = "No " + String.join(", ", names) + " is on the PATH (Debian: chromium, chromium-driver).";
			if (Boolean.parseBoolean(System.getenv("DEMO_REQUIRE_BROWSER"))) {
				throw new IllegalStateException(reason + " DEMO_REQUIRE_BROWSER=true asks for one.");
			}
			Assumptions.abort(reason);
		}
		return found.get();
	}

	private static List<String> path() {
		return List.of(System.getenv("PATH").split(java.io.File.pathSeparator));
	}

}

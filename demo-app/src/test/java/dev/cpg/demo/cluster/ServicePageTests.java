package dev.cpg.demo.cluster;

import java.time.Duration;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.embedded.EmbeddedCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

import static dev.cpg.demo.cluster.DemoPage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the page of a service on Corosync, in a real browser. Its daemon is that of a
 * cluster inside the JVM.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Timeout(180)
class ServicePageTests {

	@RegisterExtension
	private static final Chromium chromium = new Chromium();

	@Test
	void showsMembersAndMessagesInAnyLightAndOnAPhone(@LocalServerPort int port, @Autowired EmbeddedCluster cluster)
			throws Exception {
		DemoPage page = new DemoPage(chromium.driver());
		page.looks(1280, 900, 1, "light");
		chromium.driver().get("http://localhost:" + port);
		try (CpgConnection other = cluster.nodes().get(1).connector(200).connect(new CpgListener() {
		})) {
			other.join(CpgGroupName.of("demo"), Duration.ofSeconds(10));
			eventually(() -> assertThat(text("members")).contains("2/200", "leads"));
			eventually(() -> assertThat(text("standing")).matches("Quorum\nhas quorum\nLeader\n1/\\d+\nToken\n\\d+"));
			assertThat(text("changes")).contains("This member leads from now on",
					"token " + page.data("standing", "token"));
			chromium.driver().findElement(By.id("text")).sendKeys("<i>hello</i>", Keys.ENTER);
			eventually(() -> assertThat(text("messages")).contains("<i>hello</i>"));
			eventually(() -> assertThat(text("outcome")).startsWith("Delivered to 2 members"));
		}
		eventually(() -> assertThat(text("changes")).contains("2/200 is gone", "PROCDOWN"));
		for (String scheme : new String[] { "light", "dark" }) {
			page.looks(390, 844, 2, scheme);
			assertThat(page.faint()).as("text without enough contrast, " + scheme).isEmpty();
			assertThat(page.script("return document.documentElement.scrollWidth")).isEqualTo(390L);
		}
		assertThat(page.errors()).isEmpty();
	}

	private static String text(String id) {
		return chromium.driver().findElement(By.id(id)).getText();
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class DaemonConfiguration {

		@Bean
		EmbeddedCluster daemons() {
			return EmbeddedCluster.builder().nodes(2).formationDelay(Duration.ofSeconds(1)).start();
		}

		@Bean
		CpgConnector connector(EmbeddedCluster daemons) {
			return daemons.nodes().get(0).connector();
		}

	}

}

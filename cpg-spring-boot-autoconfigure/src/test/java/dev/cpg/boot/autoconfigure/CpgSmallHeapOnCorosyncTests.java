package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service with the heap that a container of 256 MB has by default, whose listener is
 * busy while others send more than that.
 */
@CorosyncTest(nodes = 2)
@Timeout(240)
class CpgSmallHeapOnCorosyncTests {

	private static final int MESSAGES = 9_000;

	@Test
	void aServiceWithASmallHeapGetsAllThatWasSentWhileItsListenerWasBusy(CorosyncCluster cluster,
			@TempDir Path directory) {
		Path flooded = directory.resolve("flooded");
		try (Service flooding = Service.start(cluster.node(2), "cpg.group=small-heap", "cpg.member-id=22")) {
			CompletableFuture<String> small = CompletableFuture
				.supplyAsync(() -> run(cluster.node(1).socketDirectory(), flooded));
			await().atMost(Duration.ofSeconds(60))
				.untilAsserted(() -> assertThat(flooding.members()).containsExactly("1/11", "2/22"));
			flood(flooding);
			create(flooded);
			assertThat(small).succeedsWithin(Duration.ofMinutes(2))
				.asString()
				.contains("heard " + MESSAGES + " messages, JOINED")
				.doesNotContain("OutOfMemoryError");
		}
	}

	private static void flood(Service flooding) {
		CompletableFuture<CpgView> last = new CompletableFuture<>();
		for (int i = 0; i < MESSAGES; i++) {
			last = flooding.template().multicast(new byte[10_000]);
		}
		assertThat(last).succeedsWithin(Duration.ofSeconds(60));
	}

	private static String run(Path socketDirectory, Path flooded) {
		try {
			return new ChildJvm().option("-Xmx64m").run(Main.class, socketDirectory.toString(), flooded.toString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void create(Path file) {
		try {
			Files.createFile(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The service in a JVM of its own. */
	static final class Main {

		private Main() {
		}

		public static void main(String[] arguments) throws InterruptedException {
			System.setProperty("flooded", arguments[1]);
			try (ConfigurableApplicationContext service = new SpringApplicationBuilder(BusyListener.class)
				.web(WebApplicationType.NONE)
				.run("--cpg.group=small-heap", "--cpg.member-id=11",
						"--cpg.corosync.socket-directory=" + arguments[0])) {
				BusyListener listener = service.getBean(BusyListener.class);
				long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(150);
				while (listener.heard.get() < MESSAGES && System.nanoTime() - end < 0) {
					TimeUnit.MILLISECONDS.sleep(100);
				}
				System.out
					.println("heard " + listener.heard + " messages, " + service.getBean(CpgGroup.class).getState());
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class BusyListener {

		private final AtomicInteger heard = new AtomicInteger();

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) throws InterruptedException {
			while (!Files.exists(Path.of(System.getProperty("flooded")))) {
				TimeUnit.MILLISECONDS.sleep(100);
			}
			this.heard.incrementAndGet();
		}

	}

}

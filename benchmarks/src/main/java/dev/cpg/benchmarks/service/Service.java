package dev.cpg.benchmarks.service;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A small service with web server and actuator, which prints how long after the start of
 * its JVM it was ready, and ends. It also runs without the starter, so it must not name
 * any class of it.
 */
@SpringBootApplication
@RestController
public class Service {

	/**
	 * Starts and ends it.
	 * @param args properties
	 */
	public static void main(String[] args) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Service.class)
			.properties("server.address=127.0.0.1", "server.port=0",
					"management.endpoints.web.exposure.include=health,metrics,cpg")
			.run(args);
		System.exit(SpringApplication.exit(context));
	}

	/** A page to serve. */
	@GetMapping("/")
	String hello() {
		return "hello";
	}

	/** Takes the time before it does anything else. */
	@EventListener(ApplicationReadyEvent.class)
	void ready() {
		long now = System.currentTimeMillis();
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long nanos = Arrays.stream(threads.getAllThreadIds())
			.map((id) -> Math.max(0, threads.getThreadCpuTime(id)))
			.sum();
		long cpu = TimeUnit.NANOSECONDS.toMillis(nanos);
		System.out.println("ready " + (now - ManagementFactory.getRuntimeMXBean().getStartTime()) + " " + cpu);
	}

}

package dev.cpg.demo;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Joins a group and shows it.
 */
@SpringBootApplication
public class DemoApplication {

	/**
	 * Starts the service.
	 * @param args properties, for instance {@code --cpg.group=orders}
	 */
	public static void main(String[] args) {
		SpringApplication.run(DemoApplication.class, args);
	}

}

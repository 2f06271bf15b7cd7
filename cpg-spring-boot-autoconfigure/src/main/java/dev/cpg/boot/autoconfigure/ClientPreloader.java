package dev.cpg.boot.autoconfigure;

import dev.cpg.client.corosync.CorosyncConnector;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NativeDetector;
import org.springframework.core.env.Environment;

/**
 * Loads what the first connection needs while the application's context is made, on a
 * thread that ends then: the join costs the start that much less.
 */
final class ClientPreloader implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (isOfUse(event.getEnvironment(), Runtime.getRuntime().availableProcessors())) {
			Thread thread = new Thread(CorosyncConnector::preload, "cpg-preload");
			thread.setDaemon(true);
			thread.start();
		}
	}

	static boolean isOfUse(Environment environment, int processors) {
		return environment.getProperty("cpg.enabled", Boolean.class, true) && processors > 1
				&& !NativeDetector.inNativeImage();
	}

}

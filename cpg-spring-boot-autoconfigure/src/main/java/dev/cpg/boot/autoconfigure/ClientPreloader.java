package dev.cpg.boot.autoconfigure;

import dev.cpg.client.corosync.CorosyncConnector;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.NativeDetector;
import org.springframework.core.env.Environment;

/**
 * Loads the client of Corosync while the application's context is created, on a thread of
 * its own that ends then. So the first join delays the start less.
 */
final class ClientPreloader implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (isUseful(event.getEnvironment(), Runtime.getRuntime().availableProcessors())) {
			Thread thread = new Thread(CorosyncConnector::preload, "cpg-preload");
			thread.setDaemon(true);
			thread.start();
		}
	}

	static boolean isUseful(Environment environment, int processors) {
		return environment.getProperty("cpg.enabled", Boolean.class, true)
				&& CpgMode.of(environment) == CpgMode.COROSYNC && processors > 1 && !NativeDetector.inNativeImage();
	}

}
